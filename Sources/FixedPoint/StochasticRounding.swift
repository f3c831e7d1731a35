/// Rounding up with the probability of the fraction, by draws that anyone can repeat.
///
/// The draw for result element `place`, counted from 0 in row-major order over the layer's result on one case, is the low
/// 16 bits of the shift register that started at `seed`, `16 * (place + 1)` steps later: a function of seed and place
/// alone, so that neither threads nor the order of execution matter, and no two draws of a result share a bit. A quotient
/// is rounded up when its draw is below the first 16 bits of its fraction. Over the period of the register the fraction
/// `t / 2^16` is rounded up with probability `t / 2^16` to within `2^-32`: every draw but 0 occurs `2^16` times, 0 once less.
public struct StochasticRounding: Sendable, Hashable {
    /// The first state of the register; never 0.
    public let seed: UInt32

    /// Bits of a draw, and steps of the register from draw to draw.
    public static let bits = 16

    /// - Precondition: `seed` is not 0.
    public init(seed: UInt32) {
        precondition(seed != 0, "the seed of a shift register is not zero")
        self.seed = seed
    }

    /// The draw for a result element, 0 ..< 2^16.
    public func draw(at place: Int) -> UInt32 {
        let steps = UInt64(StochasticRounding.bits) * (UInt64(place) + 1)
        let register = LinearFeedbackShiftRegister(state: seed).advanced(by: steps)
        return register.state & (1 << StochasticRounding.bits - 1)
    }

    /// `value / 2^exponent`, rounded by the draw for `place`; the exponent is in 0...62.
    public func shift(_ value: Int, by exponent: Int, place: Int) -> Int {
        let (floor, remainder) = (value >> exponent, value & (1 << exponent - 1))
        guard remainder != 0 else { return floor }
        let bits = StochasticRounding.bits
        let fraction = exponent >= bits ? remainder >> (exponent - bits) : remainder << (bits - exponent)
        return Int(draw(at: place)) < fraction ? floor + 1 : floor
    }

    /// The quotient, rounded by the draw for `place`; the denominator is positive.
    public func quotient(_ numerator: Int128, over denominator: Int128, place: Int) -> Int128 {
        let (floor, remainder) = floorDivision(numerator, by: denominator)
        guard remainder != 0 else { return floor }
        let raised = remainder.magnitude.multipliedFullWidth(by: 1 << StochasticRounding.bits)
        let fraction = denominator.magnitude.dividingFullWidth(raised).quotient
        return UInt128(draw(at: place)) < fraction ? floor + 1 : floor
    }
}
