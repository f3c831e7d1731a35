import Networks
import Tensors

/// A layer by the definition of its operator.
struct ReferenceKernel: LayerKernel {
    let layer: Layer

    func run(_ inputs: [Tensor]) throws -> [Tensor] {
        var variables = inputs.makeIterator()
        let operands = layer.inputs.map { value in
            guard let tensor = value.constant ?? variables.next() else {
                preconditionFailure("a kernel needs as many inputs as its layer has variables")
            }
            return Operand(tensor, quantization: value.quantization)
        }
        return try layer.node.operation.evaluate(operands, results: layer.results, arithmetic: layer.arithmetic)
    }
}
