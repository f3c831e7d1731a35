/// A real factor as `multiplier * 2^exponent`: powers of two exactly, others to the nearest of 31 significant bits.
///
/// Products with it are exact and rounded once; a `QuantizedMultiplier` is the same within its range of shifts.
public struct ScaleFactor: Sendable, Hashable {
    /// 0, or of magnitude in `2^30 ..< 2^31`.
    public let multiplier: Int32
    /// Of the least significant bit of the multiplier.
    public let exponent: Int

    /// The nearest factor, halves away from zero; 0 for NaN, the largest of its sign for infinities.
    public init(_ real: Double) {
        guard real != 0, !real.isNaN else {
            (multiplier, exponent) = (0, 0)
            return
        }
        guard real.isFinite else {
            (multiplier, exponent) = (real < 0 ? -.max : .max, 1024)
            return
        }
        let scaled = (real.significand * 0x1p30).rounded(.toNearestOrAwayFromZero)
        let carries = scaled == 0x1p31
        let magnitude = carries ? Int32(1) << 30 : Int32(scaled)
        multiplier = real < 0 ? -magnitude : magnitude
        exponent = Int(real.exponent) - 30 + (carries ? 1 : 0)
    }

    /// `value * factor / divisor`, exact and then rounded once, saturated to 48 bits.
    ///
    /// - Parameters:
    ///   - divisor: 1 ... 2^31.
    ///   - place: of the result element, row-major.
    public func product(_ value: Int, over divisor: Int = 1, rounding rule: RoundingRule, place: Int = 0) -> Int {
        if divisor == 1, exponent <= 0, exponent >= -62, let narrow = Int32(exactly: value) {
            let quotient = rule.shift(Int(narrow) * Int(multiplier), by: -exponent, place: place)
            return min(max(quotient, -(1 << 47)), 1 << 47)
        }
        return ScaleFactor.rounded(
            Int128(value) * Int128(multiplier), exponent: exponent, over: divisor, rounding: rule, place: place)
    }

    /// `first * self + second * other`, exact and then rounded once, saturated to 48 bits.
    ///
    /// A factor below `2^-60` of the other one counts as 0.
    /// - Parameters:
    ///   - first: of magnitude below 2^33, as `second`.
    ///   - place: of the result element, row-major.
    public func sum(
        _ first: Int, _ second: Int, times other: ScaleFactor, rounding rule: RoundingRule, place: Int = 0
    ) -> Int {
        guard multiplier != 0, exponent - other.exponent >= -60 else {
            return other.product(second, rounding: rule, place: place)
        }
        guard other.multiplier != 0, exponent - other.exponent <= 60 else {
            return product(first, rounding: rule, place: place)
        }
        let lowest = min(exponent, other.exponent)
        let left = (Int128(first) * Int128(multiplier)) << Int128(exponent - lowest)
        let right = (Int128(second) * Int128(other.multiplier)) << Int128(other.exponent - lowest)
        return ScaleFactor.rounded(left + right, exponent: lowest, over: 1, rounding: rule, place: place)
    }

    /// The range of results: 48 bits, so that a zero point can be added without care.
    private static let range: ClosedRange<Int128> = -(1 << 47)...1 << 47

    private static func rounded(
        _ value: Int128, exponent: Int, over divisor: Int, rounding rule: RoundingRule, place: Int
    ) -> Int {
        let quotient: Int128
        if exponent > 0 {
            // Beyond these ends the quotient leaves the range whatever the divisor.
            let clamped = min(max(value, -(1 << 78)), 1 << 78)
            quotient = rule.quotient(clamped << Int128(min(exponent, 48)), over: Int128(divisor), place: place)
        } else {
            // Products are below 2^94, sums below 2^125: beyond these exponents the quotient is below a half.
            let shift = min(-exponent, divisor == 1 ? 126 : 95)
            quotient = rule.quotient(value, over: Int128(divisor) << Int128(shift), place: place)
        }
        return Int(min(max(quotient, range.lowerBound), range.upperBound))
    }
}
