public import Tensors
public import Workloads

/// `1 / (1 + exp(-x))`, element by element.
public struct Sigmoid: ElementMap {
    public static let name = "sigmoid"

    public init() {}

    public var computeClass: ComputeClass { .transcendental }
}

extension Sigmoid {
    /// On 8-bit integers by the runtime's `curve`; on 16-bit ones by interpolation in a table of the sigmoid; with the
    /// kernels of ONNX Runtime the rational approximation of the reals, quantized again.
    public func evaluate(
        _ operands: [Operand], results: [ResultType], arithmetic: Arithmetic
    ) throws -> [Tensor] {
        let (operand, result) = (operands[0], results[0])
        guard let input = operand.quantization, let integers = operand.tensor.integers else {
            try result.requireReal()
            let curve = arithmetic.runtime.usesMLAS ? RationalSigmoid.value : SaturatingCurve.sigmoid.real
            return [Tensor(result.shape, operand.reals.map(curve))]
        }
        if arithmetic.runtime.usesMLAS {
            let reals = operand.reals.map(RationalSigmoid.value)
            return [try result.quantized(reals, by: arithmetic.runtime.quantization)]
        }
        let elements = SaturatingCurve.sigmoid.elements(
            integers, from: input, to: try result.requiredQuantization(), runtime: arithmetic.runtime)
        return [try Tensor.result(elements, as: result)]
    }
}
