public import Quantities

/// A block-based neural processor: multiplications in each cycle, widths, and its own buffer.
public struct NeuralProcessor: Sendable, Hashable, Codable {
    /// 8 x 8-bit multiply-accumulates in each cycle.
    public var macsPerCycle: Int
    /// Widest weight.
    public var weightBits: Bits
    /// Widest activation.
    public var activationBits: Bits
    /// `true` when weights are stored losslessly compressed and decoded on the way.
    public var decodesWeights: Bool

    public init(macsPerCycle: Int, weightBits: Bits, activationBits: Bits, decodesWeights: Bool) {
        self.macsPerCycle = macsPerCycle
        self.weightBits = weightBits
        self.activationBits = activationBits
        self.decodesWeights = decodesWeights
    }
}
