import Diagnostics
public import Tensors
public import Workloads

/// Integers as the float32 numbers nearest to them, whatever they stand for.
public struct RealConversion: Operator {
    public static let name = "realConversion"

    public init() {}

    public var computeClass: ComputeClass { .elementwise }

    public func outputShapes(of inputs: [Shape]) throws -> [Shape] {
        guard inputs.count == 1 else { throw Diagnostic("a conversion takes one tensor") }
        return inputs
    }
}

extension RealConversion {
    public func evaluate(
        _ operands: [Operand], results: [ResultType], arithmetic: Arithmetic
    ) throws -> [Tensor] {
        try results[0].requireReal()
        return [Tensor(results[0].shape, operands[0].tensor.floats)]
    }
}
