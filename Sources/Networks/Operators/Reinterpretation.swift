import Diagnostics
import FixedPoint
public import Tensors
public import Workloads

/// The same integers, standing for the reals of the result's scale and zero point, or for themselves if it has none.
public struct Reinterpretation: Operator {
    public static let name = "reinterpretation"

    public init() {}

    public var computeClass: ComputeClass { .free }

    public func outputShapes(of inputs: [Shape]) throws -> [Shape] {
        guard inputs.count == 1 else { throw Diagnostic("a reinterpretation takes one tensor") }
        return inputs
    }
}

extension Reinterpretation {
    public func evaluate(
        _ operands: [Operand], results: [ResultType], arithmetic: Arithmetic
    ) throws -> [Tensor] {
        guard let integers = operands[0].tensor.integers else { throw Diagnostic.mixedOperands }
        if let format = results[0].quantization?.format, let stray = integers.first(where: { !format.contains($0) }) {
            throw Diagnostic("\(stray) is not one of the numbers of the result")
        }
        return [try Tensor.result(integers, as: results[0])]
    }
}
