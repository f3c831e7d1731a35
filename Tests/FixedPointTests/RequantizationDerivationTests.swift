import ExactArithmetic
import FixedPoint
import Testing

/// Every family against its derivation in exact fractions, around every kind of rounding boundary.
@Suite struct RequantizationDerivationTests {
    static let families: [RequantizationFamily] =
        [.doubleRounding, .halfUpShift, .singleRounding, .float, .reducedMultiplier, .doublePrecision]
        + Rounding.allCases.map { .exact(.deterministic($0)) }
        + [.exact(.stochastic(StochasticRounding(seed: 0x2545_F491)))]

    static let multipliers: [Int32] = [1 << 30, .max, 0x5A82_799A]

    /// Sums in a window around those whose exact product is `target / 2`, and the ends of the register.
    private static func window(_ target: Int, multiplier: Int32, shift: Int, limit: Int) -> [Int] {
        let factor = Rational(multiplier) * .powerOfTwo(shift - 31)
        let center = (Rational(target) / Rational(2) / factor).rounded(.halfUp)
        guard let place = center.int64(), place.magnitude < limit else { return [] }
        return (-2...2).map { Int(place) + $0 }
    }

    @Test(arguments: families) func allShiftsAroundBoundaries(_ family: RequantizationFamily) {
        for multiplier in Self.multipliers {
            for shift in -31...31 {
                let factor = QuantizedMultiplier(multiplier: multiplier, shift: shift)
                for isWide in [false, true] {
                    let limit = isWide ? 1 << 40 : Int(Int32.max) - 2
                    let targets = [-2001, -255, -3, -2, -1, 0, 1, 2, 3, 5, 255, 256, 4097]
                    var sums = targets.flatMap {
                        Self.window($0, multiplier: multiplier, shift: shift, limit: limit)
                    }
                    sums += isWide ? [.max, .min, 1 << 33 + 1] : [Int(Int32.max), Int(Int32.min)]
                    let requantization = Requantization(
                        factor: factor, family: family, sumBits: isWide ? 64 : 32)
                    for (place, sum) in sums.enumerated() {
                        let expected = derived(
                            sum, multiplier: multiplier, shift: shift, family: family, isWide: isWide, place: place)
                        let result = requantization(sum, place: place)
                        #expect(BigInteger(result) == expected, "\(sum) * \(multiplier) * 2^(\(shift) - 31)")
                    }
                }
            }
        }
    }

    @Test(arguments: Rounding.allCases) func everySmallQuotientIsRoundedByItsRule(_ rule: Rounding) {
        for numerator in -70...70 {
            for denominator in 1...24 {
                let expected = (Rational(numerator) / Rational(denominator)).rounded(rule)
                #expect(BigInteger(rule.quotient(Int128(numerator), over: Int128(denominator))) == expected)
            }
        }
    }

    /// Means: an exact factor over a count that is no power of two.
    @Test(arguments: Rounding.allCases) func meansAreExact(_ rule: Rounding) {
        for count in [1, 3, 7, 10, 48] {
            let requantization = Requantization(
                real: 0.5, scale: 0.5, family: .exact(.deterministic(rule)), sumBits: 64, divisor: count)
            for sum in -300...300 {
                let expected = (Rational(sum) / Rational(2 * count)).rounded(rule)
                #expect(BigInteger(requantization(sum)) == expected)
            }
        }
    }

    @Test(arguments: Rounding.allCases) func sumsOfTwoProductsAreRoundedOnce(_ rule: Rounding) {
        let factors = [0.25, 0.3, 1, 1.75, 0x1p-20, 0x1.8p-59, 0x1p20].map(ScaleFactor.init)
        for left in factors {
            for right in factors {
                for (a, b) in [(1, -1), (3, 2), (-7, 5), (-128, 127), (32767, -32768), (0, 1)] {
                    let exact =
                        Rational(a) * Rational(left.multiplier) * .powerOfTwo(left.exponent)
                        + Rational(b) * Rational(right.multiplier) * .powerOfTwo(right.exponent)
                    guard abs(left.exponent - right.exponent) <= 60 else { continue }
                    let result = left.sum(a, b, times: right, rounding: .deterministic(rule))
                    #expect(BigInteger(result) == exact.rounded(rule).clamped(BigInteger(2).raised(to: 47)))
                }
            }
        }
    }

    @Test func factorsBeyondAllRangesSaturateOrVanish() {
        let floor = RoundingRule.deterministic(.floor)
        #expect(ScaleFactor(0x1p-300).product(-1, rounding: floor) == -1)
        #expect(ScaleFactor(0x1p-300).product(1, rounding: floor) == 0)
        #expect(ScaleFactor(0x1p-300).product(.max, rounding: .deterministic(.halfAwayFromZero)) == 0)
        #expect(ScaleFactor(0x1p300).product(-1, rounding: floor) == -(1 << 47))
        #expect(ScaleFactor(.infinity).product(1, over: 1 << 31, rounding: floor) == 1 << 47)
        #expect(ScaleFactor(.nan).product(5, rounding: floor) == 0)
        #expect(ScaleFactor(0x1p-100).sum(-1, 0, times: ScaleFactor(0x1p-100), rounding: floor) == -1)
        #expect(ScaleFactor(0x1p-100).product(.min, over: 1 << 31, rounding: floor) == -1)
    }

    @Test func powersOfTwoAreExactAndOthersNearest() {
        for exponent in -120...120 {
            let factor = ScaleFactor(Double(sign: .minus, exponent: exponent, significand: 1))
            #expect(Rational(factor.multiplier) * .powerOfTwo(factor.exponent) == -.powerOfTwo(exponent))
        }
        for real: Double in [0.1, 1 / 3, 1 - 0x1p-40, 12345.678] {
            let factor = ScaleFactor(real)
            let value = Double(factor.multiplier) * Double(sign: .plus, exponent: factor.exponent, significand: 1)
            #expect(abs(value - real) <= real * 0x1p-31)
            #expect((1 << 30..<1 << 31).contains(Int(factor.multiplier)))
        }
    }
}
