import FixedPoint

/// The widths of a BNN-PYNQ network, as the end of its folder's name states them: `W1A2`.
struct BNNPYNQPrecision: Sendable, Hashable {
    var weightBits: Int
    var activationBits: Int

    static let all = [(1, 1), (1, 2), (2, 2)].map { BNNPYNQPrecision(weightBits: $0.0, activationBits: $0.1) }

    var name: String { "W\(weightBits)A\(activationBits)" }

    var weights: NumberFormat {
        weightBits == 1 ? .bipolar : NumberFormat(bits: weightBits, encoding: .twosComplement)
    }

    /// Thresholds of a neuron: one gives -1 or +1, two give -1, 0 or +1.
    var thresholds: Int { activationBits }

    var activations: NumberFormat { activationBits == 1 ? .bipolar : .ternary }
}
