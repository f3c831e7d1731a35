public import Tensors
public import Workloads

/// `tanh(x)`, element by element.
public struct HyperbolicTangent: ElementMap {
    public static let name = "hyperbolicTangent"

    public init() {}

    public var computeClass: ComputeClass { .transcendental }
}

extension HyperbolicTangent {
    /// On 8-bit integers by the runtime's `curve`; on 16-bit ones by interpolation in a table of the sigmoid.
    public func evaluate(
        _ operands: [Operand], results: [ResultType], arithmetic: Arithmetic
    ) throws -> [Tensor] {
        let (operand, result) = (operands[0], results[0])
        guard let input = operand.quantization, let integers = operand.tensor.integers else {
            try result.requireReal()
            return [Tensor(result.shape, operand.reals.map(SaturatingCurve.hyperbolicTangent.real))]
        }
        let elements = SaturatingCurve.hyperbolicTangent.elements(
            integers, from: input, to: try result.requiredQuantization(), runtime: arithmetic.runtime)
        return [try Tensor.result(elements, as: result)]
    }
}
