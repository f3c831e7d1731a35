import CGMP

extension BigInteger {
    /// The sum of two integers.
    public static func + (left: BigInteger, right: BigInteger) -> BigInteger {
        combine(left, right, __gmpz_add)
    }

    /// The difference of two integers.
    public static func - (left: BigInteger, right: BigInteger) -> BigInteger {
        combine(left, right, __gmpz_sub)
    }

    /// The product of two integers.
    public static func * (left: BigInteger, right: BigInteger) -> BigInteger {
        combine(left, right, __gmpz_mul)
    }

    /// The quotient rounded towards zero; the divisor must not be zero.
    public static func / (left: BigInteger, right: BigInteger) -> BigInteger {
        left.quotientAndRemainder(dividingBy: right).quotient
    }

    /// The remainder with the sign of the dividend; the divisor must not be zero.
    public static func % (left: BigInteger, right: BigInteger) -> BigInteger {
        left.quotientAndRemainder(dividingBy: right).remainder
    }

    /// The negated value.
    public static prefix func - (value: BigInteger) -> BigInteger {
        let result = Storage()
        __gmpz_neg(&result.number, &value.storage.number)
        return BigInteger(storage: result)
    }

    /// Adds an integer.
    public static func += (left: inout BigInteger, right: BigInteger) { left = left + right }

    /// Subtracts an integer.
    public static func -= (left: inout BigInteger, right: BigInteger) { left = left - right }

    /// Multiplies by an integer.
    public static func *= (left: inout BigInteger, right: BigInteger) { left = left * right }

    /// The quotient rounded towards zero and the remainder; the divisor must not be zero.
    public func quotientAndRemainder(
        dividingBy divisor: BigInteger
    ) -> (quotient: BigInteger, remainder: BigInteger) {
        precondition(!divisor.isZero, "division by zero")
        let quotient = Storage()
        let remainder = Storage()
        __gmpz_tdiv_qr(&quotient.number, &remainder.number, &storage.number, &divisor.storage.number)
        return (BigInteger(storage: quotient), BigInteger(storage: remainder))
    }

    /// The quotient rounded down; the divisor must not be zero.
    public func floorQuotient(dividingBy divisor: BigInteger) -> BigInteger {
        precondition(!divisor.isZero, "division by zero")
        return BigInteger.combine(self, divisor, __gmpz_fdiv_q)
    }

    /// The value multiplied by itself, `exponent` factors in all; the exponent is not negative.
    public func raised(to exponent: Int) -> BigInteger {
        precondition(exponent >= 0, "a negative exponent")
        let result = Storage()
        __gmpz_pow_ui(&result.number, &storage.number, UInt(exponent))
        return BigInteger(storage: result)
    }

    /// The greatest common divisor, never negative; zero only for two zeros.
    public static func greatestCommonDivisor(_ left: BigInteger, _ right: BigInteger) -> BigInteger {
        combine(left, right, __gmpz_gcd)
    }

    private typealias Operation = (
        UnsafeMutablePointer<__mpz_struct>?, UnsafePointer<__mpz_struct>?, UnsafePointer<__mpz_struct>?
    ) -> Void

    private static func combine(_ left: BigInteger, _ right: BigInteger, _ operation: Operation) -> BigInteger {
        let result = Storage()
        withUnsafePointer(to: left.storage.number) { left in
            withUnsafePointer(to: right.storage.number) { right in
                operation(&result.number, left, right)
            }
        }
        return BigInteger(storage: result)
    }
}
