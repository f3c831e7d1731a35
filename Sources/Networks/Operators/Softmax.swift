import Diagnostics
import FixedPoint
import Foundation
public import Tensors
public import Workloads

/// `exp(beta * x)` over the sum of its row; rows run along the innermost axis.
public struct Softmax: Operator {
    public static let name = "softmax"

    public var beta: Float

    public init(beta: Float = 1) {
        self.beta = beta
    }

    public var computeClass: ComputeClass { .transcendental }

    public func outputShapes(of inputs: [Shape]) throws -> [Shape] {
        guard inputs.count == 1, inputs[0].rank >= 1 else { throw Diagnostic("softmax takes one tensor with an axis") }
        return inputs
    }
}

extension Softmax {
    /// On integers the fixed-point softmax of TFLM; in family `float` the real one, rounded half to even, or the table of
    /// ONNX Runtime.
    public func evaluate(
        _ operands: [Operand], results: [ResultType], arithmetic: Arithmetic
    ) throws -> [Tensor] {
        let (operand, result) = (operands[0], results[0])
        let depth = operand.shape[operand.shape.rank - 1]
        guard let input = operand.quantization, let integers = operand.tensor.integers else {
            try result.requireReal()
            return [Tensor(result.shape, rows(of: operand.reals, depth: depth).flatMap(probabilities))]
        }
        let output = try result.requiredQuantization()
        if arithmetic.runtime.usesMLAS, input.format.bits <= 8 {
            let softmax = TableSoftmax(scale: beta * input.scale, depth: depth, output: output)
            return [try Tensor.result(rows(of: integers, depth: depth).flatMap(softmax.row), as: result)]
        }
        if arithmetic.runtime.elementwise == .float {
            let reals = rows(of: operand.reals, depth: depth).flatMap(probabilities)
            return [try result.quantized(reals, rounding: .halfToEven)]
        }
        let softmax = FixedPointSoftmax(scale: Double(beta) * Double(input.scale), output: output)
        let elements = rows(of: integers, depth: depth).flatMap(softmax.row)
        return [try Tensor.result(elements, as: result)]
    }

    private func rows<Element>(of elements: [Element], depth: Int) -> [ArraySlice<Element>] {
        stride(from: 0, to: elements.count, by: max(depth, 1)).map { elements[$0..<$0 + depth] }
    }

    /// Exponentials in double precision, sums in order, quotients rounded to float32.
    private func probabilities(_ row: ArraySlice<Float>) -> [Float] {
        let largest = row.max() ?? 0
        let powers = row.map { exp(Double(beta) * (Double($0) - Double(largest))) }
        let sum = powers.reduce(0, +)
        return powers.map { Float($0 / sum) }
    }
}
