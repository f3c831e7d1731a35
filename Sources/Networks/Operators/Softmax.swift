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

    /// Every element depends on its whole row.
    public func loops(inputs: [Shape], outputs: [Shape]) -> LoopNest {
        var loops = LoopNest()
        loops.outputChannels = outputs[0].elementCount
        loops.inputChannels = outputs[0].extents.last ?? 1
        return loops
    }

    public func outputShapes(of inputs: [Shape]) throws -> [Shape] {
        guard inputs.count == 1, inputs[0].rank >= 1 else { throw Diagnostic("softmax takes one tensor with an axis") }
        return inputs
    }
}

extension Softmax {
    /// On integers by the runtime's `softmax`, on 16-bit ones in tables; in family `float` the real one, half to even, or
    /// the table of ONNX Runtime.
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
            let softmax = RaisedSoftmax(scale: beta * input.scale, depth: depth, output: output)
            return [try Tensor.result(rows(of: integers, depth: depth).flatMap(softmax.row), as: result)]
        }
        if arithmetic.runtime.elementwise == .float {
            let reals = rows(of: operand.reals, depth: depth).flatMap(probabilities)
            return [try result.quantized(reals, by: .quotient(.halfToEven))]
        }
        return [
            try Tensor.result(
                rows(of: integers, depth: depth).flatMap(
                    row(from: input, to: output, runtime: arithmetic.runtime)),
                as: result)
        ]
    }

    /// What becomes of a row of integers.
    private func row(
        from input: Quantization, to output: Quantization, runtime: RuntimeArithmetic
    ) -> (ArraySlice<Int>) -> [Int] {
        let scale = Double(beta) * Double(input.scale)
        if input.format.bits > 8, output.format.bits > 8 {
            return InterpolatedSoftmax(scale: scale, output: output, isSingle: runtime.formsTablesInSingle).row
        }
        switch runtime.softmax {
        case .floatTable where input.format.bits <= 8:
            return TableSoftmax(scale: input.scale * beta, output: output).row
        case .fixedPoint, .floatTable: return FixedPointSoftmax(scale: scale, output: output).row
        }
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
