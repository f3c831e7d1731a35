/// How a quotient that is not an integer becomes one.
public enum Rounding: String, Sendable, Hashable, Codable, CaseIterable {
    /// Nearest; halves toward positive infinity.
    case halfUp
    /// Nearest; halves away from zero.
    case halfAwayFromZero
    /// Nearest; halves to the even neighbour.
    case halfToEven
    /// The next integer below.
    case floor
    /// The next integer above.
    case ceiling
    /// The integer part.
    case towardZero

    /// `value / 2^exponent`, rounded by this rule; `exponent` is in `0...bitWidth - 2`.
    @inlinable
    public func shift<Value: FixedWidthInteger & SignedInteger>(_ value: Value, by exponent: Int) -> Value {
        guard exponent > 0 else { return value }
        precondition(exponent <= Value.bitWidth - 2, "shift out of range")
        let quotient = value >> Value(exponent)
        let remainder = value & ((1 << Value(exponent)) - 1)
        let half: Value = 1 << Value(exponent - 1)
        let roundsUp: Bool
        switch self {
        case .halfUp: roundsUp = remainder >= half
        case .halfAwayFromZero: roundsUp = remainder > half || (remainder == half && value >= 0)
        case .halfToEven: roundsUp = remainder > half || (remainder == half && quotient & 1 == 1)
        case .floor: roundsUp = false
        case .ceiling: roundsUp = remainder != 0
        case .towardZero: roundsUp = value < 0 && remainder != 0
        }
        return roundsUp ? quotient + 1 : quotient
    }

    /// The nearest integer as this rule sees it, saturated to `range`; NaN becomes the range's start.
    public func round(_ value: Double, into range: ClosedRange<Int>) -> Int {
        let rule: FloatingPointRoundingRule =
            switch self {
            case .halfUp, .floor: .down
            case .halfAwayFromZero: .toNearestOrAwayFromZero
            case .halfToEven: .toNearestOrEven
            case .ceiling: .up
            case .towardZero: .towardZero
            }
        let rounded = self == .halfUp && value - value.rounded(.down) >= 0.5 ? value.rounded(.up) : value.rounded(rule)
        guard rounded > Double(range.lowerBound) else { return range.lowerBound }
        guard rounded < Double(range.upperBound) else { return range.upperBound }
        return Int(rounded)
    }
}
