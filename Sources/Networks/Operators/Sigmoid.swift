import Diagnostics
import FixedPoint
public import Tensors
public import Workloads

/// `1 / (1 + exp(-x))`, element by element.
public struct Sigmoid: Operator {
    public static let name = "sigmoid"

    public init() {}

    public var computeClass: ComputeClass { .transcendental }

    public func outputShapes(of inputs: [Shape]) throws -> [Shape] {
        guard inputs.count == 1 else { throw Diagnostic("sigmoid takes one tensor") }
        return inputs
    }
}

extension Sigmoid {
    /// On reals the rational approximation; on integers the same of their reals, quantized half to even.
    public func evaluate(
        _ operands: [Operand], results: [ResultType], arithmetic: Arithmetic
    ) throws -> [Tensor] {
        let reals = operands[0].reals.map(RationalSigmoid.value)
        guard operands[0].quantization != nil else {
            try results[0].requireReal()
            return [Tensor(results[0].shape, reals)]
        }
        return [try results[0].quantized(reals, rounding: .halfToEven)]
    }
}
