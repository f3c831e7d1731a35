/// Whether a neuron of a BNN-PYNQ network fires when its sum equals its threshold; the files do not say.
public enum ThresholdConvention: String, Sendable, Hashable, CaseIterable {
    /// Fires at `sum > threshold`, as the activations of the FINN hardware library compare by default.
    case above
    /// Fires at `sum >= threshold`.
    case atLeast = "at-least"

    /// The least integer sum at which a neuron fires whose threshold is `threshold / divisor`.
    ///
    /// - Precondition: `divisor` is positive.
    func leastSum(_ threshold: Int, over divisor: Int = 1) -> Int {
        let quotient = threshold / divisor
        let floor = quotient * divisor > threshold ? quotient - 1 : quotient
        switch self {
        case .above: return floor + 1
        case .atLeast: return floor * divisor == threshold ? floor : floor + 1
        }
    }
}
