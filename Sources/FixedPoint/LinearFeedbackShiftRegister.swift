/// A 32-bit shift register with linear feedback, in Galois form: the source of the draws of stochastic rounding.
///
/// The state is a polynomial over GF(2), bit `i` the coefficient of `x^i`. One step multiplies it by `x` modulo
/// `x^32 + x^22 + x^2 + x + 1` (taps 32, 22, 2, 1 of Xilinx XAPP 052, Alfke 1996), which is primitive: every state but 0
/// occurs once in `2^32 - 1` steps.
public struct LinearFeedbackShiftRegister: Sendable, Hashable {
    /// Never 0.
    public private(set) var state: UInt32

    /// Steps after which a state returns.
    public static let period: UInt64 = (1 << 32) - 1

    /// `x^32` modulo the polynomial.
    private static let feedback: UInt32 = 1 << 22 | 1 << 2 | 1 << 1 | 1

    /// `x^(2^k)` for k in 0..<32.
    private static let powers: [UInt32] = {
        var powers: [UInt32] = [2]
        while powers.count < 32 { powers.append(product(powers[powers.count - 1], powers[powers.count - 1])) }
        return powers
    }()

    /// - Precondition: `state` is not 0.
    public init(state: UInt32) {
        precondition(state != 0, "a shift register of zeros stays at zero")
        self.state = state
    }

    /// One step.
    public mutating func step() {
        state = LinearFeedbackShiftRegister.shifted(state)
    }

    /// The register `count` steps later, by at most 32 products of polynomials.
    public func advanced(by count: UInt64) -> LinearFeedbackShiftRegister {
        var (left, result) = (count % LinearFeedbackShiftRegister.period, state)
        for power in LinearFeedbackShiftRegister.powers where left != 0 {
            if left & 1 == 1 { result = LinearFeedbackShiftRegister.product(result, power) }
            left >>= 1
        }
        return LinearFeedbackShiftRegister(state: result)
    }

    private static func shifted(_ state: UInt32) -> UInt32 {
        state << 1 ^ (state >> 31 == 1 ? feedback : 0)
    }

    /// The product of two polynomials modulo that of the register.
    private static func product(_ left: UInt32, _ right: UInt32) -> UInt32 {
        var (factor, rest, sum) = (left, right, UInt32(0))
        while rest != 0 {
            if rest & 1 == 1 { sum ^= factor }
            factor = shifted(factor)
            rest >>= 1
        }
        return sum
    }
}
