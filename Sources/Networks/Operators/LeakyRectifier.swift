import Diagnostics
import FixedPoint
public import Tensors
public import Workloads

/// `x` where it is not negative, `alpha * x` elsewhere.
public struct LeakyRectifier: ElementMap {
    public static let name = "leakyRectifier"

    /// Finite and positive.
    public var alpha: Float

    public init(alpha: Float) {
        self.alpha = alpha
    }

    public var computeClass: ComputeClass { .elementwise }

    public func outputShapes(of inputs: [Shape]) throws -> [Shape] {
        guard inputs.count == 1, alpha.isFinite else {
            throw Diagnostic("a leaky rectifier takes one tensor and a finite slope")
        }
        return inputs
    }
}

extension LeakyRectifier {
    /// On integers: offsets from zero requantized by the ratio of scales, times alpha below zero; with the kernels of
    /// ONNX Runtime the reals themselves, quantized again.
    public func evaluate(
        _ operands: [Operand], results: [ResultType], arithmetic: Arithmetic
    ) throws -> [Tensor] {
        let (operand, result) = (operands[0], results[0])
        guard let input = operand.quantization, let integers = operand.tensor.integers else {
            try result.requireReal()
            return [Tensor(result.shape, operand.reals.map(rectified))]
        }
        if arithmetic.runtime.usesMLAS {
            return [try result.quantized(operand.reals.map(rectified), by: arithmetic.runtime.quantization)]
        }
        let output = try result.requiredQuantization()
        let isSingle = arithmetic.runtime.formsFactorsInSingle
        func requantization(_ real: Double, _ single: Float) -> Requantization {
            Requantization(
                real: isSingle ? Double(single) : real, scale: single, family: arithmetic.runtime.elementwise,
                sumBits: 32)
        }
        let (ratio, real) = (input.scale / output.scale, Double(input.scale) / Double(output.scale))
        var above = requantization(real, ratio)
        var below = requantization(real * Double(alpha), input.scale * alpha / output.scale)
        if arithmetic.runtime.leakyRectifier == .eightFractionBits, input.format == output.format,
            input.format.bits == 8, let upper = ByteRegridding.factor(ratio),
            let lower = ByteRegridding.factor(ratio * alpha)
        {
            (above, below) = (upper, lower)
        }
        let grid = OutputGrid(output)
        let elements = integers.map { element in
            let offset = element - input.zeroPoint
            return grid.element(offset < 0 ? below(offset) : above(offset))
        }
        return [try Tensor.result(elements, as: result)]
    }

    private func rectified(_ real: Float) -> Float { real < 0 ? alpha * real : real }
}
