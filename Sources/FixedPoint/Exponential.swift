/// `exp` of a number that is not positive, from `integerBits` integer bits to a fraction of 31 bits (gemmlowp).
///
/// - Parameters:
///   - value: not positive, with `31 - integerBits` fraction bits.
///   - integerBits: 3, 4 or 5.
public func exponential(ofNonPositive value: Int32, integerBits: Int) -> Int32 {
    Int32(truncatingIfNeeded: FractionArithmetic.long.exponential(Int(value), integerBits: integerBits))
}

/// `1 / (1 + value)` for `value` in `[0, 1)`, argument and result with 31 fraction bits (gemmlowp).
public func reciprocal(ofOnePlus value: Int32) -> Int32 {
    Int32(truncatingIfNeeded: FractionArithmetic.long.reciprocal(ofOnePlus: Int(value)))
}
