public import Workloads

/// A layer with the tensors that it reads and writes: all that a cost model sees of it.
public struct LayerOperands: Sendable, Hashable {
    public var layer: WorkloadLayer
    public var inputs: [TensorFootprint]
    public var outputs: [TensorFootprint]

    public init(layer: WorkloadLayer, inputs: [TensorFootprint], outputs: [TensorFootprint]) {
        self.layer = layer
        self.inputs = inputs
        self.outputs = outputs
    }

    /// Width of the widest activation that the layer reads, in bits.
    public var inputBits: Int {
        inputs.reduce(0) { max($0, $1.elementBits) }
    }

    /// Width of the widest activation that the layer writes, in bits.
    public var outputBits: Int {
        outputs.reduce(0) { max($0, $1.elementBits) }
    }
}

extension Workload {
    /// The layer at `index` with its tensors.
    public func operands(ofLayer index: Int) -> LayerOperands {
        let layer = layers[index]
        return LayerOperands(
            layer: layer, inputs: layer.inputs.map { tensors[$0] }, outputs: layer.outputs.map { tensors[$0] })
    }
}
