/// A clamp fused behind an operator.
public enum Activation: String, Sendable, Hashable, Codable, CaseIterable {
    case none
    /// Not below 0.
    case relu
    /// Between 0 and 6.
    case relu6
    /// Between -1 and 1.
    case reluN1To1

    /// The real range that the clamp lets through; nil for an end without limit.
    public var range: (lower: Float?, upper: Float?) {
        switch self {
        case .none: (nil, nil)
        case .relu: (0, nil)
        case .relu6: (0, 6)
        case .reluN1To1: (-1, 1)
        }
    }
}
