import Foundation

/// `1 / (1 + exp(-value))` of a number with 4 integer bits, to a fraction of 31 bits (gemmlowp).
public func logistic(_ value: Int32) -> Int32 {
    Int32(truncatingIfNeeded: FractionArithmetic.long.logistic(Int(value), integerBits: 4))
}

/// The hyperbolic tangent of a number with 4 integer bits, to a fraction of 31 bits (gemmlowp).
public func hyperbolicTangent(_ value: Int32) -> Int32 {
    Int32(truncatingIfNeeded: FractionArithmetic.long.hyperbolicTangent(Int(value), integerBits: 4))
}

/// `1 / (1 + exp(-value))` of a number with 3 integer bits, to a fraction of 15 bits (gemmlowp).
public func logistic(_ value: Int16) -> Int16 {
    Int16(truncatingIfNeeded: FractionArithmetic.short.logistic(Int(value), integerBits: 3))
}

/// The hyperbolic tangent of a number with 3 integer bits, to a fraction of 15 bits (gemmlowp).
public func hyperbolicTangent(_ value: Int16) -> Int16 {
    Int16(truncatingIfNeeded: FractionArithmetic.short.hyperbolicTangent(Int(value), integerBits: 3))
}

/// Sigmoid and hyperbolic tangent of 16-bit numbers by linear interpolation in steps of 1/24 (TFLite).
///
/// Arguments have a magnitude in steps of `1 / (3 * 2^12)`, results 15 fraction bits.
public enum InterpolatedCurve {
    /// The sigmoid at i/24 with 16 fraction bits, raised by half the error of interpolation behind it.
    static let sigmoid: [Int] = (0..<256).map { step in
        if step == 255 { return 65_535 }
        func exact(_ place: Double) -> Double { 65_536 / (1 + exp(-place / 24)) }
        let place = Double(step)
        let error = exact(place + 0.5) - (exact(place) + exact(place + 1)) / 2
        return Int((exact(place) + error / 2).rounded())
    }

    public static func logistic(_ value: Int) -> Int {
        let magnitude = abs(value)
        let (step, rest) = (magnitude >> 9, magnitude & 0x1FF)
        let scaled = step >= 255 ? 0x7FFF << 10 : sigmoid[step] << 9 + rest * (sigmoid[step + 1] - sigmoid[step])
        return (value >= 0 ? scaled + 1 << 9 : 1 << 25 - scaled + 1 << 9 - 1) >> 10
    }

    public static func hyperbolicTangent(_ value: Int) -> Int {
        let magnitude = abs(value)
        let (step, rest) = (magnitude >> 8, magnitude & 0xFF)
        let scaled = step >= 255 ? 0xFFFF << 8 : sigmoid[step] << 8 + rest * (sigmoid[step + 1] - sigmoid[step])
        return (value >= 0 ? scaled - 1 << 23 + 1 << 7 : 1 << 23 - scaled + 1 << 7 - 1) >> 8
    }
}
