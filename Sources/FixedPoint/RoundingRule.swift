/// One of the seven ways in which an exact quotient becomes an integer.
public enum RoundingRule: Sendable, Hashable {
    /// A function of the quotient alone.
    case deterministic(Rounding)
    /// A function of the quotient and of its place in the result.
    case stochastic(StochasticRounding)

    /// `value / 2^exponent`, rounded once; the exponent is in 0...62.
    ///
    /// - Parameter place: of the result element, row-major.
    @inlinable
    public func shift(_ value: Int, by exponent: Int, place: Int) -> Int {
        switch self {
        case .deterministic(let rounding): rounding.shift(value, by: exponent)
        case .stochastic(let rounding): rounding.shift(value, by: exponent, place: place)
        }
    }

    /// The quotient, rounded once; the denominator is positive.
    ///
    /// - Parameter place: of the result element, row-major.
    public func quotient(_ numerator: Int128, over denominator: Int128, place: Int) -> Int128 {
        switch self {
        case .deterministic(let rounding): rounding.quotient(numerator, over: denominator)
        case .stochastic(let rounding): rounding.quotient(numerator, over: denominator, place: place)
        }
    }
}
