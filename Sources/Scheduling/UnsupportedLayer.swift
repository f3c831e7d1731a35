/// A layer that a machine or its runtime cannot run, and why.
public struct UnsupportedLayer: Error, Sendable, Hashable, Codable {
    public var layer: String
    /// One clause without a final full stop, such as `cmsis-nn has no convolution for 4-bit activations`.
    public var reason: String

    public init(layer: String, reason: String) {
        self.layer = layer
        self.reason = reason
    }
}
