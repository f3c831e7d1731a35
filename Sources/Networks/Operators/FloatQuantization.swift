import Diagnostics
import Foundation
public import Tensors
public import Workloads

/// Reals carried to the nearest numbers of a small floating-point format, and back (FloatQuant of QONNX).
///
/// Operands: the tensor, and scale, exponent width, mantissa width, exponent bias and largest number, broadcast to its
/// shape.
public struct FloatQuantization: Operator {
    public static let name = "floatQuantization"

    public var rounding: RealRounding

    public init(rounding: RealRounding = .halfToEven) {
        self.rounding = rounding
    }

    public var computeClass: ComputeClass { .elementwise }

    public func outputShapes(of inputs: [Shape]) throws -> [Shape] {
        guard inputs.count == 6 else { throw Diagnostic("takes a tensor and five parameters") }
        return try inputs[0].spanning(inputs.dropFirst())
    }
}

extension FloatQuantization {
    /// Steps of the exponent of `x / scale`, not below the smallest normal one; the format saturates; each step in float32.
    public func evaluate(
        _ operands: [Operand], results: [ResultType], arithmetic: Arithmetic
    ) throws -> [Tensor] {
        try results[0].requireReal()
        let parameters = operands.dropFirst().map { $0.reals(over: results[0].shape) }
        let elements = operands[0].reals.enumerated().map { place, real in
            let own = parameters.map { $0[place] }
            let (scale, mantissa, bias) = (own[0], own[2], own[3])
            let scaled = real / scale
            let exponent = log2(abs(scaled) + Float.leastNormalMagnitude).rounded(.down) - mantissa
            let step = exp2(max(exponent, 1 - bias - mantissa))
            let largest = min((2 - exp2(-mantissa)) * exp2(exp2(own[1]) - 1 - bias), own[4])
            return min(max(step * rounding.whole(scaled / step), -largest), largest) * scale
        }
        return [Tensor(results[0].shape, elements)]
    }
}
