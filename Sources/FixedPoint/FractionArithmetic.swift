/// Exponentials, reciprocals and curves in fixed point of 16 or 32 bits (gemmlowp).
///
/// A number with i integer bits has `bits - 1 - i` fraction bits; fractions have none, and 1 is the largest of them.
struct FractionArithmetic {
    /// Width of a number, 16 or 32.
    let bits: Int

    static let short = FractionArithmetic(bits: 16)
    static let long = FractionArithmetic(bits: 32)

    private var largest: Int { 1 << (bits - 1) - 1 }

    private func saturated(_ value: Int) -> Int { min(max(value, -largest - 1), largest) }

    /// A constant given with 31 fraction bits.
    private func constant(_ value: Int) -> Int { Rounding.halfUp.shift(value, by: 32 - bits) }

    private func product(_ left: Int, _ right: Int) -> Int {
        saturated((left * right + 1 << (bits - 2)) >> (bits - 1))
    }

    private func divide(_ value: Int, byPowerOfTwo exponent: Int) -> Int {
        Rounding.halfAwayFromZero.shift(value, by: exponent)
    }

    /// `exp` of a number that is not positive, as a fraction.
    func exponential(_ value: Int, integerBits: Int) -> Int {
        guard value < 0 else { return largest }
        let fractionBits = bits - 1 - integerBits
        let quarter = 1 << (fractionBits - 2)
        let remainder = (value & (quarter - 1)) - quarter
        var result = nearMinusEighth(remainder << integerBits)
        let wholeQuarters = remainder - value
        for (place, factor) in quarterPowers.enumerated() where place < integerBits + 2 {
            if wholeQuarters & (1 << (fractionBits - 2 + place)) != 0 { result = product(result, constant(factor)) }
        }
        return result
    }

    /// `exp` of a fraction in `[-1/4, 0)`: a Taylor polynomial around -1/8.
    private func nearMinusEighth(_ value: Int) -> Int {
        let atMinusEighth = constant(1_895_147_668)
        let offset = value + 1 << (bits - 4)
        let square = product(offset, offset)
        let (cube, fourth) = (product(square, offset), product(square, square))
        let cubic = product(divide(fourth, byPowerOfTwo: 2) + cube, constant(715_827_883))
        let tail = divide(cubic + square, byPowerOfTwo: 1)
        return saturated(atMinusEighth + product(atMinusEighth, offset + tail))
    }

    /// `2 / (1 + value)` of a fraction, with 2 integer bits, by three steps of Newton's iteration.
    private func twiceReciprocal(ofOnePlus value: Int) -> Int {
        let halfDenominator = (value + largest + 1) >> 1
        var estimate = constant(1_515_870_810) + product(halfDenominator, constant(-1_010_580_540))
        for _ in 0..<3 {
            let error = 1 << (bits - 3) - product(halfDenominator, estimate)
            estimate = saturated(estimate + saturated(product(estimate, error) << 2))
        }
        return estimate
    }

    /// `1 / (1 + value)` of a fraction that is not negative.
    func reciprocal(ofOnePlus value: Int) -> Int { saturated(twiceReciprocal(ofOnePlus: value) << 1) }

    /// `1 / (1 + exp(-value))` as a fraction.
    func logistic(_ value: Int, integerBits: Int) -> Int {
        if value == 0 { return 1 << (bits - 2) }
        let above = reciprocal(ofOnePlus: exponential(-abs(value), integerBits: integerBits))
        return value > 0 ? above : largest - above
    }

    /// The hyperbolic tangent as a fraction.
    func hyperbolicTangent(_ value: Int, integerBits: Int) -> Int {
        if value == 0 { return 0 }
        // Twice the argument has the same bits, one more of them integer.
        let power = exponential(-abs(value), integerBits: integerBits + 1)
        let below = saturated((twiceReciprocal(ofOnePlus: power) - 1 << (bits - 3)) << 2)
        return value > 0 ? below : -below
    }
}

/// `exp(-2^k)` for k in -2...4, with 31 fraction bits.
private let quarterPowers = [1_672_461_947, 1_302_514_674, 790_015_084, 290_630_308, 39_332_535, 720_401, 242]
