import Networks
import Tensors

/// Element by element addition of reals of one shape.
struct FloatAdditionKernel: LayerKernel {
    private let activation: Activation
    private let count: Int

    /// - Returns: nil for other operators and operands.
    init?(_ layer: Layer) {
        guard let operation = layer.node.operation as? Addition, layer.variables == [0, 1],
            layer.inputs.allSatisfy({ $0.shape == layer.results[0].shape && $0.elementType == .float32 }),
            layer.results[0].elementType == .float32
        else { return nil }
        activation = operation.activation
        count = layer.results[0].shape.elementCount
    }

    func run(_ run: LayerRun) {
        let (left, right) = (run.input(0, as: Float.self), run.input(1, as: Float.self))
        let sums = run.output(0, as: Float.self)
        for index in 0..<count * run.cases { sums[index] = activation.clamped(left[index] + right[index]) }
    }
}
