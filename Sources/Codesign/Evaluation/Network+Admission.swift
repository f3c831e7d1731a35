import FixedPoint
package import Networks
package import Tensors

extension Network {
    /// Real inputs on the grids of this network's inputs, for the inputs that have one.
    package func admitted(_ reals: [Tensor]) throws -> [Tensor] {
        try zip(inputs, reals).map { id, tensor in
            let value = self[id]
            guard value.quantization != nil, tensor.elementType == .float32 else { return tensor }
            let result = ResultType(
                shape: value.shape, elementType: value.elementType, quantization: value.quantization)
            return try Quantize().evaluate(
                [Operand(tensor)], results: [result],
                arithmetic: Arithmetic(runtime: runtime, accumulator: .int32))[0]
        }
    }
}
