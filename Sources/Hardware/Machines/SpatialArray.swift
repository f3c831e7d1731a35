public import Quantities

/// Cells that each multiply, with stores of their own below shared buffers.
public struct SpatialArray: Sendable, Hashable, Codable {
    /// What fixes the loops that run on the cells.
    public enum Arrangement: Sendable, Hashable, Codable {
        /// Rows of filters and of inputs meet in the cells, as on Eyeriss.
        case rowStationary(RowStationaryArray)
        /// Any order and tiling of the loops on a declared hierarchy.
        case loopNest(LoopNestArray)
    }

    /// Widest weight that a cell multiplies in one step.
    public var weightBits: Bits
    /// Widest activation that a cell multiplies in one step.
    public var activationBits: Bits
    /// Width of a partial sum.
    public var accumulatorBits: Bits
    /// Fraction of activations taken to be zero where no run counted them, in thousandths; a network's inputs have none.
    public var assumedZeros: Int
    public var arrangement: Arrangement

    public init(
        weightBits: Bits, activationBits: Bits, accumulatorBits: Bits, assumedZeros: Int,
        arrangement: Arrangement
    ) {
        self.weightBits = weightBits
        self.activationBits = activationBits
        self.accumulatorBits = accumulatorBits
        self.assumedZeros = assumedZeros
        self.arrangement = arrangement
    }
}
