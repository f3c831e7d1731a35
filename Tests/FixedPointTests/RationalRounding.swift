import ExactArithmetic
import FixedPoint

/// A second derivation of every requantization, in exact fractions, from the definitions alone.
extension Rational {
    static func powerOfTwo(_ exponent: Int) -> Rational {
        let power = Rational(BigInteger(2).raised(to: abs(exponent)))
        return exponent >= 0 ? power : Rational(1) / power
    }

    /// The integer to which a deterministic rule takes this fraction.
    func rounded(_ rule: Rounding) -> BigInteger {
        let half = Rational(1) / Rational(2)
        switch rule {
        case .floor: return floor
        case .ceiling: return ceiling
        case .towardZero: return signum < 0 ? ceiling : floor
        case .halfUp: return (self + half).floor
        case .halfAwayFromZero: return signum < 0 ? (self - half).ceiling : (self + half).floor
        case .halfToEven:
            let nearest = (self + half).floor
            let isTie = self + half == Rational(nearest)
            return isTie && !(nearest % 2).isZero ? nearest - 1 : nearest
        }
    }

    /// The float32 nearest to this fraction, halves to even, as a fraction; for magnitudes in 2^-120 ..< 2^120.
    var nearestFloat: Rational { nearest(significantBits: 24) }

    /// The float64 nearest to this fraction, in the same way.
    var nearestDouble: Rational { nearest(significantBits: 53) }

    private func nearest(significantBits bits: Int) -> Rational {
        guard signum != 0 else { return self }
        var exponent = 0
        while magnitude >= Rational.powerOfTwo(exponent + bits) { exponent += 1 }
        while magnitude < Rational.powerOfTwo(exponent + bits - 1) { exponent -= 1 }
        return Rational((self / .powerOfTwo(exponent)).rounded(.halfToEven)) * .powerOfTwo(exponent)
    }
}

extension BigInteger {
    /// What the low 32 bits read in two's complement.
    var wrapped: BigInteger {
        let modulus = BigInteger(2).raised(to: 32)
        let low = self - floorQuotient(dividingBy: modulus) * modulus
        return low * 2 >= modulus ? low - modulus : low
    }

    func clamped(_ limit: BigInteger) -> BigInteger { min(max(self, -limit), limit) }
}

/// The requantization of `sum` by `multiplier * 2^(shift - 31)` in a family, from its formula.
func derived(
    _ sum: Int, multiplier: Int32, shift: Int, family: RequantizationFamily, isWide: Bool, place: Int
) -> BigInteger {
    let limit = BigInteger(2).raised(to: 47)
    let factor = Rational(multiplier) * .powerOfTwo(shift - 31)
    func doubled(_ last: Rounding) -> BigInteger {
        let raised = BigInteger(sum) * BigInteger(2).raised(to: max(shift, 0))
        let start = isWide ? raised : raised.wrapped
        let high = (Rational(start * BigInteger(multiplier)) * .powerOfTwo(-31)).rounded(.halfUp)
        let result = (Rational(high) * .powerOfTwo(-max(-shift, 0))).rounded(last)
        return isWide ? result.clamped(limit) : result
    }
    switch family {
    case .doubleRounding: return doubled(.halfAwayFromZero)
    case .halfUpShift: return doubled(.halfUp)
    case .singleRounding: return (Rational(sum) * factor).rounded(.halfUp).clamped(limit)
    case .float:
        let product = (Rational(sum).nearestFloat * factor.nearestFloat).nearestFloat
        return product.rounded(.halfToEven).clamped(limit)
    case .reducedMultiplier:
        let upper = min((Rational(multiplier) * .powerOfTwo(-16)).rounded(.halfUp), 32767)
        return (Rational(BigInteger(sum) * upper) * .powerOfTwo(shift - 15)).rounded(.halfUp).clamped(limit)
    case .doublePrecision:
        let product = (Rational(sum).nearestDouble * factor).nearestDouble
        return product.rounded(.halfAwayFromZero).clamped(limit)
    case .exact(.deterministic(let rule)): return (Rational(sum) * factor).rounded(rule).clamped(limit)
    case .exact(.stochastic(let rule)):
        let exact = Rational(sum) * factor
        let fraction = ((exact - Rational(exact.floor)) * .powerOfTwo(16)).floor
        let isUp = BigInteger(rule.draw(at: place)) < fraction
        return (isUp ? exact.floor + 1 : exact.floor).clamped(limit)
    }
}
