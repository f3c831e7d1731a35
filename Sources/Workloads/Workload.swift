/// The waist: all that the hardware side knows of a network, in execution order.
public struct Workload: Sendable, Hashable, Codable {
    public var name: String
    /// Layers in execution order.
    public var layers: [WorkloadLayer]
    /// Activation tensors; layers name them by index.
    public var tensors: [TensorFootprint]

    public init(name: String, layers: [WorkloadLayer], tensors: [TensorFootprint]) {
        self.name = name
        self.layers = layers
        self.tensors = tensors
    }

    /// Multiply-accumulates of one inference.
    public var macs: Int {
        layers.reduce(0) { $0 + $1.macs }
    }
}
