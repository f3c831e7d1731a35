import ExactArithmetic
import Testing

@Suite struct RationalTests {
    private func random(_ source: inout SplitMix64) -> Rational {
        var denominator = BigIntegerTests.random(&source)
        if denominator.isZero { denominator = .one }
        return Rational(numerator: BigIntegerTests.random(&source), denominator: denominator) ?? .zero
    }

    @Test func obeysTheFieldLaws() {
        var source = SplitMix64(state: 3)
        for _ in 0..<1000 {
            let (a, b, c) = (random(&source), random(&source), random(&source))
            #expect(a + b == b + a)
            #expect((a + b) * c == a * c + b * c)
            #expect(a - a == .zero)
            if b.signum != 0 { #expect(a / b * b == a) }
            #expect((a < b) == ((a - b).signum < 0))
            #expect(Rational(a.floor) <= a && a < Rational(a.floor + 1))
            #expect(Rational(a.ceiling) >= a && a > Rational(a.ceiling - 1))
            #expect(a.denominator.signum > 0)
            #expect(BigInteger.greatestCommonDivisor(a.numerator, a.denominator) == .one)
            #expect(Rational(a.description) == a)
        }
    }

    @Test func readsFloatingPointExactly() {
        var source = SplitMix64(state: 4)
        for _ in 0..<1000 {
            let value = Double(bitPattern: source.next())
            guard value.isFinite, abs(value) < 1e15 else { continue }
            let exact = Rational(exactly: value)
            #expect(exact?.numerator.double == value * (exact?.denominator.double ?? 0) || abs(value) < 1e-290)
        }
        #expect(Rational(exactly: 0.75)?.description == "3/4")
        #expect(Rational(exactly: -0.1)?.description == "-3602879701896397/36028797018963968")
        #expect(Rational(exactly: .leastNonzeroMagnitude)?.denominator == BigInteger(2).raised(to: 1074))
        #expect(Rational(exactly: .infinity) == nil)
        #expect(Rational(exactly: .nan) == nil)
        #expect(Rational(exactly: 0)?.signum == 0)
        #expect(Rational("-7/2")?.floor == -4)
        #expect(Rational("-7/2")?.ceiling == -3)
        #expect(Rational("1/0") == nil)
        #expect(Rational("1/2")?.double == 0.5)
    }
}
