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

    /// Bits of a digit of a number of steps.
    private static let digitBits = 11

    /// `x^(digit * 2048^k)` for the three digits of a number of steps, all digits of one place side by side.
    private static let powers: [UInt32] = {
        var (powers, base): ([UInt32], UInt32) = ([], 2)
        for _ in 0..<3 {
            var power: UInt32 = 1
            for _ in 0..<1 << digitBits {
                powers.append(power)
                power = product(power, base)
            }
            base = power
        }
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

    /// The register `count` steps later, by at most three products of polynomials.
    public func advanced(by count: UInt64) -> LinearFeedbackShiftRegister {
        var (left, result, place) = (Int(count % LinearFeedbackShiftRegister.period), state, 0)
        LinearFeedbackShiftRegister.powers.withUnsafeBufferPointer { powers in
            while left != 0 {
                let digit = left & (1 << LinearFeedbackShiftRegister.digitBits - 1)
                if digit != 0 { result = LinearFeedbackShiftRegister.product(result, powers[place + digit]) }
                left >>= LinearFeedbackShiftRegister.digitBits
                place += 1 << LinearFeedbackShiftRegister.digitBits
            }
        }
        return LinearFeedbackShiftRegister(state: result)
    }

    private static func shifted(_ state: UInt32) -> UInt32 {
        state << 1 ^ (feedback & (0 &- (state >> 31)))
    }

    /// The product of two polynomials modulo that of the register.
    private static func product(_ left: UInt32, _ right: UInt32) -> UInt32 {
        var sum: UInt32 = 0
        for bit in 0..<32 as Range<UInt32> { sum = shifted(sum) ^ (left & (0 &- ((right << bit) >> 31))) }
        return sum
    }
}
