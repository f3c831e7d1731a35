import Diagnostics
public import Tensors
public import Workloads

/// Integers less a computed zero point: one for all, or one for each index of the innermost axis.
public struct Centering: Operator {
    public static let name = "centering"

    public init() {}

    public var computeClass: ComputeClass { .elementwise }

    public func outputShapes(of inputs: [Shape]) throws -> [Shape] {
        guard inputs.count == 2, inputs[1].elementCount == 1 || inputs[1].elementCount == inputs[0].extents.last else {
            throw Diagnostic("a zero point of \(inputs.last?.description ?? "nothing") does not suit its tensor")
        }
        return [inputs[0]]
    }
}

extension Centering {
    public func evaluate(
        _ operands: [Operand], results: [ResultType], arithmetic: Arithmetic
    ) throws -> [Tensor] {
        guard let integers = operands[0].tensor.integers, let zeroPoints = operands[1].tensor.integers else {
            throw Diagnostic.mixedOperands
        }
        let differences = integers.enumerated().map { $1 - zeroPoints[$0 % zeroPoints.count] }
        return [try Tensor.result(differences, as: results[0])]
    }
}
