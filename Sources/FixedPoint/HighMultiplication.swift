/// The high half of a doubled product: `(a * b + 2^30) >> 31`, saturated where both are the smallest int32 (SRDHM).
@inlinable
public func roundingDoublingHighProduct(_ left: Int32, _ right: Int32) -> Int32 {
    if left == .min && right == .min { return .max }
    return Int32(truncatingIfNeeded: (Int64(left) * Int64(right) + 1 << 30) >> 31)
}

/// The same product of a sum wider than 32 bits, without loss.
@inlinable
public func roundingDoublingHighProduct(_ left: Int128, _ right: Int32) -> Int128 {
    (left * Int128(right) + 1 << 30) >> 31
}

/// `value / 2^exponent`, halves away from zero (RoundingDivideByPowerOfTwo); `exponent` is in 0...31.
@inlinable
public func roundingDivide(_ value: Int32, byPowerOfTwo exponent: Int) -> Int32 {
    let mask = Int32(truncatingIfNeeded: Int64(1) << Int64(exponent) - 1)
    let threshold = (mask >> 1) &+ (value < 0 ? 1 : 0)
    return (value >> Int32(exponent)) &+ ((value & mask) > threshold ? 1 : 0)
}
