import ExactArithmetic
import Foundation
import Testing

/// A seeded source of numbers, so that every run draws the same cases.
struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var bits = state
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }
}

@Suite struct BigIntegerTests {
    static func random(_ source: inout SplitMix64) -> BigInteger {
        let words = Int.random(in: 1...4, using: &source)
        let value = (0..<words).reduce(BigInteger.zero) { sum, _ in
            sum * BigInteger(UInt64.max) + BigInteger(source.next() >> UInt64.random(in: 0..<64, using: &source))
        }
        return Bool.random(using: &source) ? value : -value
    }

    @Test func agreesWithMachineIntegers() {
        var source = SplitMix64(state: 1)
        for _ in 0..<2000 {
            let left = Int128(truncatingIfNeeded: source.next()) - Int128(UInt64.max / 2)
            let right = Int128(Int32(truncatingIfNeeded: source.next()))
            #expect(BigInteger(left) + BigInteger(right) == BigInteger(left + right))
            #expect(BigInteger(left) - BigInteger(right) == BigInteger(left - right))
            #expect(BigInteger(left) * BigInteger(right) == BigInteger(left * right))
            #expect((BigInteger(left) < BigInteger(right)) == (left < right))
            #expect(BigInteger(left * right).description == (left * right).description)
            guard right != 0 else { continue }
            #expect(BigInteger(left) / BigInteger(right) == BigInteger(left / right))
            #expect(BigInteger(left) % BigInteger(right) == BigInteger(left % right))
        }
    }

    @Test func obeysTheRingLaws() {
        var source = SplitMix64(state: 2)
        for _ in 0..<2000 {
            let (a, b, c) = (Self.random(&source), Self.random(&source), Self.random(&source))
            #expect(a + b == b + a)
            #expect((a + b) * c == a * c + b * c)
            #expect(a - b == -(b - a))
            #expect((a < b) == ((a - b).signum < 0))
            #expect(BigInteger(a.description) == a)
            #expect(a.magnitude.signum >= 0 && (a.magnitude == a || a.magnitude == -a))
            if a == b { #expect(a.hashValue == b.hashValue) }
            guard !b.isZero else { continue }
            let (quotient, remainder) = a.quotientAndRemainder(dividingBy: b)
            #expect(quotient * b + remainder == a)
            #expect(remainder.magnitude < b.magnitude && remainder.signum * a.signum >= 0)
            let divisor = BigInteger.greatestCommonDivisor(a, b)
            #expect((a % divisor).isZero && (b % divisor).isZero)
            #expect(BigInteger.greatestCommonDivisor(a / divisor, b / divisor) == .one)
        }
    }

    @Test func powersAndExtremes() throws {
        #expect(BigInteger(2).raised(to: 128) == BigInteger(UInt128.max) + 1)
        #expect(BigInteger(Int128.min) == -BigInteger(2).raised(to: 127))
        #expect(BigInteger(Int64.min).int64() == Int64.min)
        #expect((BigInteger(Int64.max) + 1).int64() == nil)
        #expect(BigInteger(150).raised(to: 54).description.count == 118)
        #expect(BigInteger(0).raised(to: 0) == .one)
        #expect(BigInteger("ff", radix: 16) == 255)
        #expect(BigInteger(10).raised(to: 400).double == .infinity)
        #expect(BigInteger(-7).floorQuotient(dividingBy: 2) == -4)
        let data = try JSONEncoder().encode([BigInteger(10).raised(to: 30)])
        #expect(try JSONDecoder().decode([BigInteger].self, from: data) == [BigInteger(10).raised(to: 30)])
    }

    @Test(arguments: ["", "-", "+", "--1", "1 ", " 1", "0x10", "12a", "1_0", "١"])
    func refusesWhatIsNotANumber(_ text: String) {
        #expect(BigInteger(text) == nil)
    }
}
