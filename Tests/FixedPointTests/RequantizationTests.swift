import FixedPoint
import Testing

@Suite struct RequantizationTests {
    @Test(arguments: Rounding.allCases) func shiftsEqualExactQuotients(_ rule: Rounding) {
        for value in -600...600 {
            for exponent in 0...12 {
                let expected = exactQuotient(Int128(value), over: 1 << Int128(exponent), rule)
                #expect(Int128(rule.shift(value, by: exponent)) == expected)
            }
        }
        for value in boundaries {
            for exponent in 0...62 {
                let expected = exactQuotient(Int128(value), over: 1 << Int128(exponent), rule)
                #expect(Int128(rule.shift(Int(value), by: exponent)) == expected)
            }
        }
    }

    @Test(arguments: Rounding.allCases) func realsRoundAsTheirExactQuotients(_ rule: Rounding) {
        for value in -100...100 {
            let expected = exactQuotient(Int128(value), over: 4, rule)
            #expect(rule.round(Double(value) / 4, into: -1000...1000) == Int(expected))
        }
        #expect(rule.round(.infinity, into: -5...7) == 7)
        #expect(rule.round(-.infinity, into: -5...7) == -5)
        #expect(rule.round(.nan, into: -5...7) == -5)
    }

    @Test func highProductsEqualExactQuotients() {
        for left in boundaries {
            for right in boundaries {
                let exact = exactQuotient(Int128(left) * Int128(right), over: 1 << 31, .halfUp)
                let saturated = min(exact, Int128(Int32.max))
                #expect(Int128(roundingDoublingHighProduct(left, right)) == saturated)
            }
        }
    }

    @Test func divisionsRoundHalvesAwayFromZero() {
        for value in boundaries {
            for exponent in 0...31 {
                let exact = exactQuotient(Int128(value), over: 1 << Int128(exponent), .halfAwayFromZero)
                #expect(Int128(roundingDivide(value, byPowerOfTwo: exponent)) == exact)
            }
        }
    }

    @Test func multipliersAreTheNearestOfTheirForm() {
        for real in [1e-12, 1e-9, 0.0001, 0.25, 0.3, 0.5, 0.999_999_999_9, 1, 1.5, 255, 1e6, 2_147_483_646.4] {
            let factor = QuantizedMultiplier(real)
            let value = Double(factor.multiplier) * Double(sign: .plus, exponent: factor.shift - 31, significand: 1)
            if factor.multiplier == 0 {
                #expect(real < 0x1p-32)
            } else {
                #expect(abs(value - real) <= real * 0x1p-31)
                #expect((1 << 30..<1 << 31).contains(Int(factor.multiplier)))
            }
        }
        #expect(QuantizedMultiplier(0) == QuantizedMultiplier(multiplier: 0, shift: 0))
        #expect(QuantizedMultiplier(1 - 0x1p-40) == QuantizedMultiplier(multiplier: 1 << 30, shift: 1))
        #expect(QuantizedMultiplier(.infinity) == QuantizedMultiplier(multiplier: .max, shift: 31))
    }

    /// A factor with more bits than a multiplier has.
    @Test(arguments: [0.000_123, 0.0117, 0.249_999_99, 0.999_99, 1.75])
    func doublePrecisionKeepsEveryBitOfTheFactor(_ real: Double) {
        let requantization = Requantization(real: real, scale: Float(real), family: .doublePrecision, sumBits: 48)
        for sum in boundaries.map(Int.init) + Array(-3000...3000) {
            #expect(requantization(sum) == Int((Double(sum) * real).rounded(.toNearestOrAwayFromZero)))
        }
    }

    @Test func narrowSumsWrapWhenShiftedToTheLeft() {
        let factor = QuantizedMultiplier(multiplier: 1 << 30, shift: 8)
        let narrow = Requantization(factor: factor, family: .doubleRounding, sumBits: 32)
        let wide = Requantization(factor: factor, family: .doubleRounding, sumBits: 33)
        #expect(narrow(1 << 24) == 0)
        #expect(wide(1 << 24) == 1 << 31)
    }
}
