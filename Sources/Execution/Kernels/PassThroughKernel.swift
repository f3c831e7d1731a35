import FixedPoint
import Networks
import Tensors

/// A reshape that changes no element.
struct PassThroughKernel: LayerKernel {
    private let bytes: Int

    /// - Returns: nil for other operators and for elements that change their grid.
    init?(_ layer: Layer) {
        let (input, result) = (layer.inputs[0], layer.results[0])
        guard layer.node.operation is Reshape, layer.variables.first == 0, input.elementType == result.elementType,
            input.quantization == result.quantization
        else { return nil }
        bytes = result.storedBytes
    }

    func run(_ run: LayerRun) {
        run.outputs[0].copyMemory(from: run.inputs[0], byteCount: bytes * run.cases)
    }
}
