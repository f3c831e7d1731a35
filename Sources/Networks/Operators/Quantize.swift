import Diagnostics
import FixedPoint
public import Tensors
public import Workloads

/// The input on the grid of the output's quantization: from reals, or from another grid.
public struct Quantize: Operator {
    public static let name = "quantize"

    public init() {}

    public var computeClass: ComputeClass { .elementwise }

    public func outputShapes(of inputs: [Shape]) throws -> [Shape] {
        guard inputs.count == 1 else { throw Diagnostic("quantize takes one tensor") }
        return inputs
    }
}

extension Quantize {
    /// From reals: the float32 quotient, halves away from zero, or to even in family `float`; +1 and -1 are signs.
    public func evaluate(
        _ operands: [Operand], results: [ResultType], arithmetic: Arithmetic
    ) throws -> [Tensor] {
        let (operand, result) = (operands[0], results[0])
        let output = try result.requiredQuantization()
        if operand.quantization != nil { return [try arithmetic.moved(operand, to: result, order: { $0 })] }
        guard case .float32(let reals) = operand.tensor.elements else { throw Diagnostic.mixedOperands }
        let rounding: Rounding = arithmetic.runtime.elementwise == .float ? .halfToEven : .halfAwayFromZero
        let grid = OutputGrid(output)
        let integers = reals.map {
            grid.isBipolar
                ? ($0 < 0 ? -1 : 1)
                : grid.element(rounding.round(Double($0 / output.scale), into: -(1 << 40)...(1 << 40)))
        }
        return [try Tensor.result(integers, as: result)]
    }
}
