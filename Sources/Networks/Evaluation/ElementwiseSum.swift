import Diagnostics
import FixedPoint
import Tensors

extension ResultType {
    /// `signs.0 * first + signs.1 * second`, element by element, as TFLite adds integers.
    ///
    /// The exact family: both products with the ratios of scales, added exactly and rounded once. Family `float`: the
    /// float32 sum of both offsets times the ratio of scales, rounded half to even; with the kernels of ONNX Runtime fused
    /// multiply-adds, the right operand first.
    func weightedSum(
        _ operands: [Operand], signs: (Int, Int), activation: Activation, arithmetic: Arithmetic
    ) throws -> [Tensor] {
        let places = BroadcastPlaces(operands[0].shape, operands[1].shape, result: shape)
        let (first, second) = (operands[0], operands[1])
        guard let left = first.quantization, let right = second.quantization, let output = quantization else {
            try requireReal()
            let (a, b) = (first.reals, second.reals)
            let sums = places.map { activation.clamped(a[$0] * Float(signs.0) + b[$1] * Float(signs.1)) }
            return [Tensor(shape, sums)]
        }
        let (a, b) = (first.integers, second.integers)
        if arithmetic.runtime.addition == .directMultipliers,
            let sum = DirectSum(left, right, output: output, signs: signs, activation: activation)
        {
            return [try Tensor.result(places.map { sum.element(a[$0], b[$1]) }, as: self)]
        }
        let sum = IntegerSum(
            left, right, output: output, activation: activation, family: arithmetic.runtime.elementwise,
            usesMLAS: arithmetic.runtime.usesMLAS)
        let elements = places.map { sum.element(a[$0], b[$1], signs: signs) }
        return [try Tensor.result(elements, as: self)]
    }
}
