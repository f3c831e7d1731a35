/// Work that costs alike in a runtime library whose loops nobody can read; its costs are known from whole networks.
public enum WorkClass: String, Sendable, Hashable, Codable, CaseIterable {
    /// Products of a window over fewer than four input channels, as first layers have.
    case shallow
    /// Products of a window over four input channels or more.
    case spatial
    /// Products of a 1x1 window.
    case pointwise
    /// Products of a window over one channel of its own.
    case depthwise
    /// Products of a fully connected layer.
    case dense
    /// Outputs of layers that multiply: requantization and store.
    case output
    /// Elements of layers that do not multiply.
    case element
    /// Elements of input windows, gathered before a window of more than one position is multiplied.
    case gathered
    /// Layers called.
    case call

    /// The place in `allCases`.
    public var position: Int {
        switch self {
        case .shallow: 0
        case .spatial: 1
        case .pointwise: 2
        case .depthwise: 3
        case .dense: 4
        case .output: 5
        case .element: 6
        case .gathered: 7
        case .call: 8
        }
    }
}
