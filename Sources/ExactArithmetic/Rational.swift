/// An exact fraction in lowest terms with a positive denominator.
public struct Rational: Sendable, Hashable {
    /// The numerator, which carries the sign.
    public let numerator: BigInteger
    /// The denominator: positive, and without a common factor with the numerator.
    public let denominator: BigInteger

    /// Zero.
    public static let zero = Rational(0)

    /// Makes a whole number.
    public init(_ value: BigInteger) {
        numerator = value
        denominator = .one
    }

    /// Makes a whole number.
    public init(_ value: some BinaryInteger) {
        self.init(BigInteger(value))
    }

    /// Makes a fraction and reduces it; nil when the denominator is zero.
    public init?(numerator: BigInteger, denominator: BigInteger) {
        guard !denominator.isZero else { return nil }
        self.init(reducing: numerator, over: denominator)
    }

    /// Makes the exact value of a floating-point number; nil for infinities and not-a-number.
    public init?(exactly value: Double) {
        guard value.isFinite else { return nil }
        guard value != 0 else {
            self.init(0)
            return
        }
        let fractionBits = Double.significandBitCount
        let digits = BigInteger(Int64(value.significand * Double(1 << fractionBits)))
        let exponent = Int(value.exponent) - fractionBits
        let signed = value < 0 ? -digits : digits
        let power = BigInteger(2).raised(to: abs(exponent))
        if exponent >= 0 {
            self.init(signed * power)
        } else {
            self.init(reducing: signed, over: power)
        }
    }

    private init(reducing numerator: BigInteger, over denominator: BigInteger) {
        let divisor = BigInteger.greatestCommonDivisor(numerator, denominator)
        let signed = denominator.signum < 0 ? -divisor : divisor
        self.numerator = numerator / signed
        self.denominator = denominator / signed
    }

    /// The largest integer that is not above the value.
    public var floor: BigInteger { numerator.floorQuotient(dividingBy: denominator) }

    /// The smallest integer that is not below the value.
    public var ceiling: BigInteger { -(-numerator).floorQuotient(dividingBy: denominator) }

    /// The sign: -1, 0 or 1.
    public var signum: Int { numerator.signum }

    /// The absolute value.
    public var magnitude: Rational { signum < 0 ? -self : self }

    /// A near floating-point value, for display.
    public var double: Double {
        let shift = 64
        let scale = BigInteger(2).raised(to: shift)
        let whole = numerator.quotientAndRemainder(dividingBy: denominator)
        let fraction = (whole.remainder * scale / denominator).double / scale.double
        return whole.quotient.double + fraction
    }

    /// The sum of two fractions.
    public static func + (left: Rational, right: Rational) -> Rational {
        Rational(
            reducing: left.numerator * right.denominator + right.numerator * left.denominator,
            over: left.denominator * right.denominator)
    }

    /// The difference of two fractions.
    public static func - (left: Rational, right: Rational) -> Rational {
        left + -right
    }

    /// The product of two fractions.
    public static func * (left: Rational, right: Rational) -> Rational {
        Rational(reducing: left.numerator * right.numerator, over: left.denominator * right.denominator)
    }

    /// The quotient of two fractions; the divisor must not be zero.
    public static func / (left: Rational, right: Rational) -> Rational {
        precondition(right.signum != 0, "division by zero")
        return Rational(reducing: left.numerator * right.denominator, over: left.denominator * right.numerator)
    }

    /// The negated value.
    public static prefix func - (value: Rational) -> Rational {
        Rational(reducing: -value.numerator, over: value.denominator)
    }
}

extension Rational: Comparable {
    /// Whether the first fraction is smaller.
    public static func < (left: Rational, right: Rational) -> Bool {
        left.numerator * right.denominator < right.numerator * left.denominator
    }
}

extension Rational: LosslessStringConvertible, Codable {
    /// Reads "3", "-3/4"; nil when the text is anything else or the denominator is zero.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let numerator = BigInteger(String(parts[0])) else { return nil }
        guard parts.count == 2 else {
            self.init(numerator)
            return
        }
        guard let denominator = BigInteger(String(parts[1])) else { return nil }
        self.init(numerator: numerator, denominator: denominator)
    }

    /// The value as "3" or "-3/4".
    public var description: String {
        denominator == .one ? numerator.description : "\(numerator)/\(denominator)"
    }

    /// Reads a string such as "-3/4".
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let value = Rational(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a fraction")
        }
        self = value
    }

    /// Writes a string such as "-3/4".
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
