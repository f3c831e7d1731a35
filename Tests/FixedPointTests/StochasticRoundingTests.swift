import ExactArithmetic
import FixedPoint
import Testing

@Suite struct StochasticRoundingTests {
    /// `x` has the order `2^32 - 1`: the register takes every state but 0 before one returns.
    @Test(arguments: [1, 0xACE1, .max] as [UInt32]) func thePeriodIsFull(_ state: UInt32) {
        let register = LinearFeedbackShiftRegister(state: state)
        var last = register.advanced(by: LinearFeedbackShiftRegister.period - 1)
        last.step()
        #expect(last == register)
        let primes: [UInt64] = [3, 5, 17, 257, 65537]
        #expect(primes.reduce(1, *) == LinearFeedbackShiftRegister.period)
        for prime in primes {
            #expect(register.advanced(by: LinearFeedbackShiftRegister.period / prime) != register)
        }
    }

    @Test func jumpsEqualSteps() {
        var register = LinearFeedbackShiftRegister(state: 0xDEAD_BEEF)
        let start = register
        for count in 0..<5000 {
            #expect(start.advanced(by: UInt64(count)) == register)
            register.step()
        }
        #expect(start.advanced(by: LinearFeedbackShiftRegister.period + 5) == start.advanced(by: 5))
    }

    /// With the full period each draw but 0 occurs 2^16 times and 0 once less, so that a fraction `t / 2^16` is rounded up
    /// `t * 2^16 - 1` times in `2^32 - 1`: within 2^-32 of its probability.
    @Test func theBiasOverThePeriodIsBelowItsBound() throws {
        let (period, power) = (Rational(LinearFeedbackShiftRegister.period), Rational(1 << 16))
        let bound = Rational.powerOfTwo(-32)
        for fraction in 1..<1 << 16 {
            let share = (Rational(fraction) * power - Rational(1)) / period
            #expect((share - Rational(fraction) / power).magnitude < bound)
        }
    }

    @Test(arguments: [1, 0x9E37_79B9] as [UInt32]) func sampledFractionsRoundUpWithTheirProbability(_ seed: UInt32) {
        let rounding = StochasticRounding(seed: seed)
        let (count, denominator) = (1 << 14, 64)
        for numerator in [1, 13, 32, 50, 63] {
            for sign in [1, -1] {
                var ups = 0
                let value = sign * (5 * denominator) + numerator
                for place in 0..<count {
                    let quotient = rounding.quotient(Int128(value), over: Int128(denominator), place: place)
                    let floor = Int128(sign * 5)
                    #expect(quotient == floor || quotient == floor + 1)
                    ups += quotient == floor ? 0 : 1
                }
                let probability = Double(numerator) / Double(denominator)
                let deviation = (Double(count) * probability * (1 - probability)).squareRoot()
                #expect(abs(Double(ups) - Double(count) * probability) < 5 * deviation, "\(numerator)/64: \(ups)")
            }
        }
    }

    @Test func drawsFollowTheRegister() {
        let rounding = StochasticRounding(seed: 77)
        var register = LinearFeedbackShiftRegister(state: 77)
        for place in 0..<1000 {
            for _ in 0..<16 { register.step() }
            #expect(rounding.draw(at: place) == register.state & 0xFFFF)
        }
    }

    @Test func shiftsEqualQuotients() {
        let rounding = StochasticRounding(seed: 5)
        for place in 0..<2000 {
            let value = (place * 7_919_777_777) ^ (place << 40) - 1 << 52
            let exponent = place % 63
            let exact = rounding.quotient(Int128(value), over: 1 << Int128(exponent), place: place)
            #expect(Int128(rounding.shift(value, by: exponent, place: place)) == exact)
        }
    }

    @Test func integersStayAndTinyFractionsFallToTheFloor() {
        let rounding = StochasticRounding(seed: 3)
        for place in 0..<100 {
            #expect(rounding.quotient(-12, over: 4, place: place) == -3)
            #expect(rounding.quotient(1, over: 1 << 17, place: place) == 0)
            #expect(rounding.quotient(-(1 << 125) + 1, over: 1 << 125, place: place) == -1)
        }
    }
}
