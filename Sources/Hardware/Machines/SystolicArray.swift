public import Quantities

/// A grid of multiply-accumulate cells; its buffers are memories of the device named `ifmap`, `filter` and `ofmap`.
public struct SystolicArray: Sendable, Hashable, Codable {
    /// The operand that stays in the cells.
    public enum Dataflow: String, Sendable, Hashable, Codable, CaseIterable {
        case outputStationary
        case weightStationary
        case inputStationary
    }

    public var rows: Int
    public var columns: Int
    public var dataflow: Dataflow
    /// Widest weight that a cell multiplies in one step.
    public var weightBits: Bits
    /// Widest activation that a cell multiplies in one step.
    public var activationBits: Bits
    public var accumulatorBits: Bits
    /// `true` when a buffer fills one half while the array reads the other.
    public var doubleBuffered: Bool
    /// Buffer of input activations.
    public var ifmapBuffer: Bytes
    /// Buffer of weights.
    public var filterBuffer: Bytes
    /// Buffer of output activations and partial sums.
    public var ofmapBuffer: Bytes
    /// Rate between the buffers and the memory behind them.
    public var memoryBandwidth: Bandwidth
    /// Cycles before the first byte of a transfer arrives.
    public var memoryLatency: Int
    /// Bytes of the smallest transfer.
    public var burst: Bytes

    public init(
        rows: Int, columns: Int, dataflow: Dataflow, weightBits: Bits, activationBits: Bits, accumulatorBits: Bits,
        doubleBuffered: Bool, ifmapBuffer: Bytes, filterBuffer: Bytes, ofmapBuffer: Bytes,
        memoryBandwidth: Bandwidth, memoryLatency: Int, burst: Bytes
    ) {
        self.rows = rows
        self.columns = columns
        self.dataflow = dataflow
        self.weightBits = weightBits
        self.activationBits = activationBits
        self.accumulatorBits = accumulatorBits
        self.doubleBuffered = doubleBuffered
        self.ifmapBuffer = ifmapBuffer
        self.filterBuffer = filterBuffer
        self.ofmapBuffer = ofmapBuffer
        self.memoryBandwidth = memoryBandwidth
        self.memoryLatency = memoryLatency
        self.burst = burst
    }
}
