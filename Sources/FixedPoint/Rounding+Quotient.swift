extension Rounding {
    /// The quotient, rounded by this rule; the denominator is positive.
    public func quotient(_ numerator: Int128, over denominator: Int128) -> Int128 {
        let (floor, remainder) = floorDivision(numerator, by: denominator)
        let (below, above) = (remainder, denominator - remainder)
        let roundsUp: Bool =
            switch self {
            case .halfUp: below >= above
            case .halfAwayFromZero: below > above || (below == above && numerator > 0)
            case .halfToEven: below > above || (below == above && floor & 1 == 1)
            case .floor: false
            case .ceiling: below != 0
            case .towardZero: numerator < 0 && below != 0
            }
        return roundsUp ? floor + 1 : floor
    }
}

/// The largest integer that is not above the quotient, and what remains, 0 ..< denominator; the denominator is positive.
func floorDivision(_ numerator: Int128, by denominator: Int128) -> (quotient: Int128, remainder: Int128) {
    if denominator & (denominator - 1) == 0 {
        return (numerator >> Int128(denominator.trailingZeroBitCount), numerator & (denominator - 1))
    }
    let (quotient, remainder) = numerator.quotientAndRemainder(dividingBy: denominator)
    return remainder < 0 ? (quotient - 1, remainder + denominator) : (quotient, remainder)
}
