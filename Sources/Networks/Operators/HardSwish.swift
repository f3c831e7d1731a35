public import Tensors
public import Workloads

/// `x * min(max(x + 3, 0), 6) / 6`, element by element.
public struct HardSwish: ElementMap {
    public static let name = "hardSwish"

    public init() {}

    public var computeClass: ComputeClass { .elementwise }
}

extension HardSwish {
    /// On integers in 16-bit fixed point, as TFLite computes.
    public func evaluate(
        _ operands: [Operand], results: [ResultType], arithmetic: Arithmetic
    ) throws -> [Tensor] {
        let (operand, result) = (operands[0], results[0])
        guard let input = operand.quantization, let integers = operand.tensor.integers else {
            try result.requireReal()
            return [Tensor(result.shape, operand.reals.map { $0 * min(6, max(0, $0 + 3)) / 6 })]
        }
        let swish = FixedPointSwish(from: input, to: try result.requiredQuantization())
        return [try Tensor.result(integers.map(swish.element), as: result)]
    }
}
