/// What a layer with weights met over some cases.
///
/// A multiplication pairs a weight with an input element inside the image; padding takes part in none. The operand buses
/// carry the elements of the input and of the weights in the order in which they are stored, beginning from zero in
/// every case; a toggle is a bit that differs from the element before, in the width of the operand's format.
public struct LayerEvents: Sendable, Hashable, Codable {
    public var multiplications = 0
    /// Multiplications by a weight that stands for zero.
    public var zeroWeights = 0
    /// Multiplications of an input that stands for zero.
    public var zeroActivations = 0
    /// Multiplications of which both operands stand for zero.
    public var zeroBoth = 0
    /// Bits that change on the bus of the input; nil for reals.
    public var activationToggles: Int? = 0
    /// Bits that change on the bus of the weights; nil for reals.
    public var weightToggles: Int? = 0
    /// The largest magnitude of a finished sum, bias included; nil where the layer's kernel does not tell.
    public var accumulatorPeak: Int?

    public init() {}

    func merged(with other: LayerEvents) -> LayerEvents {
        var sum = self
        sum.multiplications += other.multiplications
        sum.zeroWeights += other.zeroWeights
        sum.zeroActivations += other.zeroActivations
        sum.zeroBoth += other.zeroBoth
        sum.activationToggles = activationToggles.flatMap { one in other.activationToggles.map { one + $0 } }
        sum.weightToggles = weightToggles.flatMap { one in other.weightToggles.map { one + $0 } }
        sum.accumulatorPeak = [accumulatorPeak, other.accumulatorPeak].compactMap(\.self).max()
        return sum
    }
}
