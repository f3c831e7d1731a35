import FixedPoint
import Foundation
import Tensors

/// A curve that saturates on both sides: what it does to reals and to integers.
enum SaturatingCurve {
    case sigmoid
    case hyperbolicTangent

    func real(_ value: Float) -> Float {
        switch self {
        case .sigmoid: 1 / (1 + exp(-value))
        case .hyperbolicTangent: tanh(value)
        }
    }

    /// Of a number with 27 fraction bits, 31 fraction bits.
    fileprivate func fixedPoint(_ value: Int32) -> Int32 {
        switch self {
        case .sigmoid: logistic(value)
        case .hyperbolicTangent: FixedPoint.hyperbolicTangent(value)
        }
    }

    /// Fraction bits of 8-bit results.
    private var fractionBits: Int {
        switch self {
        case .sigmoid: 8
        case .hyperbolicTangent: 7
        }
    }

    /// Whether 8-bit results on `grid` are those of the fixed-point kernels: the whole range of the curve.
    fileprivate func fills(_ grid: Quantization) -> Bool {
        switch self {
        case .sigmoid: grid.format == .int8 && grid.scale.isPower(-8) && grid.zeroPoint == -128
        case .hyperbolicTangent: grid.format == .int8 && grid.scale.isPower(-7) && grid.zeroPoint == 0
        }
    }

    /// The fixed-point curve of TFLM, which knows no other result grid than the curve's own.
    fileprivate func element(_ offset: Int, factor: QuantizedMultiplier, radius: Int, grid: OutputGrid) -> Int {
        if offset <= -radius { return grid.lower }
        if offset >= radius { return grid.upper }
        let value = fixedPoint(factor.doubleRounded(Int32(truncatingIfNeeded: offset)))
        return grid.element(Int(roundingDivide(value, byPowerOfTwo: 31 - fractionBits)))
    }
}

extension SaturatingCurve {
    /// What the curve makes of each element.
    func elements(
        _ elements: [Int], from input: Quantization, to output: Quantization, runtime: RuntimeArithmetic
    ) -> [Int] {
        let grid = OutputGrid(output)
        if input.format.bits > 8, output.format.bits > 8, input.zeroPoint == 0, output.scale.isPower(-15) {
            let argument = InterpolatedArgument(scale: input.scale, isDoubled: self == .hyperbolicTangent)
            if let factor = argument.power, runtime.wideCurve == .fixedPointAtPowers {
                return elements.map { grid.element(shortFixedPoint(Int16(clamping: $0 * factor))) }
            }
            return elements.map { grid.element(interpolated(argument.value($0))) }
        }
        if runtime.curve == .fixedPoint, fills(output) {
            let factor = QuantizedMultiplier(Double(input.scale) * 0x1p27)
            let radius = Int((15 * 0x1p27 / Double(sign: .plus, exponent: factor.shift, significand: 1)).rounded(.down))
            return elements.map { element($0 - input.zeroPoint, factor: factor, radius: radius, grid: grid) }
        }
        let inverse = 1 / output.scale
        return elements.map { element in
            let value = real(input.scale * Float(element - input.zeroPoint))
            return grid.element(Rounding.halfAwayFromZero.round(Double(value * inverse), into: -(1 << 40)...(1 << 40)))
        }
    }

    /// Of a number with 12 fraction bits, 15 fraction bits.
    private func shortFixedPoint(_ value: Int16) -> Int {
        switch self {
        case .sigmoid: Int(logistic(value))
        case .hyperbolicTangent: Int(FixedPoint.hyperbolicTangent(value))
        }
    }

    private func interpolated(_ value: Int) -> Int {
        switch self {
        case .sigmoid: InterpolatedCurve.logistic(value)
        case .hyperbolicTangent: InterpolatedCurve.hyperbolicTangent(value)
        }
    }
}

/// What brings 16-bit elements to the steps of `InterpolatedCurve`.
private struct InterpolatedArgument {
    /// What brings elements to 12 fraction bits, for scales of 2^-12, or twice that if the curve allows it.
    let power: Int?
    private let multiplier: Int
    private let shift: Int

    /// Powers of two are multiplied exactly, other scales with 15 bits.
    init(scale: Float, isDoubled: Bool) {
        if scale.isPower(-12) || (isDoubled && scale.isPower(-11)) {
            let power = scale.isPower(-12) ? 1 : 2
            (self.power, multiplier, shift) = (power, 3 * power, 0)
            return
        }
        power = nil
        var (factor, shift) = (Double(scale) * 4096 * 3, 0)
        while factor <= 32767.0 / 2, shift <= 30 { (factor, shift) = (factor * 2, shift + 1) }
        multiplier = Rounding.towardZero.round(factor, into: 0...Int(Int32.max))
        self.shift = shift
    }

    func value(_ element: Int) -> Int { Rounding.halfUp.shift(element * multiplier, by: shift) }
}

extension Float {
    /// Whether this is 2 to the power of `exponent`, to a thousandth of the exponent (TFLite).
    fileprivate func isPower(_ exponent: Int) -> Bool { abs(log2(Double(self)) - Double(exponent)) < 1e-3 }
}
