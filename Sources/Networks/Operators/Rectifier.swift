public import Tensors
public import Workloads

/// A clamp that stands as a node of its own.
public struct Rectifier: ElementMap {
    public static let name = "rectifier"

    public var activation: Activation

    public init(activation: Activation) {
        self.activation = activation
    }

    public var computeClass: ComputeClass { .elementwise }
}

extension Rectifier {
    public func evaluate(
        _ operands: [Operand], results: [ResultType], arithmetic: Arithmetic
    ) throws -> [Tensor] {
        let (operand, result) = (operands[0], results[0])
        guard let input = operand.quantization, let integers = operand.tensor.integers else {
            try result.requireReal()
            return [Tensor(result.shape, operand.reals.map(activation.clamped))]
        }
        if arithmetic.runtime.usesMLAS {
            return [try result.quantized(operand.reals.map(activation.clamped), by: arithmetic.runtime.quantization)]
        }
        let output = try result.requiredQuantization()
        let rescales = activation.range.upper == nil || arithmetic.runtime.boundedRectifierRescales
        let regridding = Regridding(
            from: input, to: rescales ? output : input, activation: activation,
            family: arithmetic.runtime.elementwise, formsFactorInSingle: arithmetic.runtime.formsFactorsInSingle)
        return [try Tensor.result(integers.map { regridding($0) }, as: result)]
    }
}
