import Diagnostics
import Networks
import Tensors

/// Element by element addition of reals of one shape.
struct FloatAdditionKernel: LayerKernel {
    private let activation: Activation
    private let shape: Shape

    /// - Returns: nil for other operators and operands.
    init?(_ layer: Layer) {
        guard let operation = layer.node.operation as? Addition, layer.variables == [0, 1],
            layer.inputs.allSatisfy({ $0.shape == layer.results[0].shape && $0.elementType == .float32 }),
            layer.results[0].elementType == .float32
        else { return nil }
        activation = operation.activation
        shape = layer.results[0].shape
    }

    func run(_ inputs: [Tensor]) throws -> [Tensor] {
        guard case .float32(let left) = inputs[0].elements, case .float32(let right) = inputs[1].elements else {
            throw Diagnostic.mixedOperands
        }
        let sums = [Float](unsafeUninitializedCapacity: left.count) { buffer, initialized in
            for index in left.indices { buffer[index] = activation.clamped(left[index] + right[index]) }
            initialized = left.count
        }
        return [Tensor(shape, sums)]
    }
}
