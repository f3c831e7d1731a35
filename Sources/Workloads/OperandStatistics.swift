/// What execution counted of the operands of one layer; what was not counted is nil.
public struct OperandStatistics: Sendable, Hashable, Codable {
    /// The fraction of multiplied input elements that stand for zero, 0...1.
    public var activationZeros: Double?
    /// The fraction of bits that change from one input element to the next, 0...1.
    public var activationToggles: Double?
    /// The same of the weights in their stored order.
    public var weightToggles: Double?
    /// The fraction of bits set in the magnitudes of the input, 0...1.
    public var activationSetBits: Double?

    public init(
        activationZeros: Double? = nil, activationToggles: Double? = nil, weightToggles: Double? = nil,
        activationSetBits: Double? = nil
    ) {
        self.activationSetBits = activationSetBits
        self.activationZeros = activationZeros
        self.activationToggles = activationToggles
        self.weightToggles = weightToggles
    }
}
