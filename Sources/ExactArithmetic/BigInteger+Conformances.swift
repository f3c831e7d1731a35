import CGMP

extension BigInteger: Hashable, Comparable {
    /// Whether two integers are equal.
    public static func == (left: BigInteger, right: BigInteger) -> Bool {
        left.compared(with: right) == 0
    }

    /// Whether the first integer is smaller.
    public static func < (left: BigInteger, right: BigInteger) -> Bool {
        left.compared(with: right) < 0
    }

    /// Feeds the sign and the digits.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(signum)
        withExtendedLifetime(storage) {
            for index in 0..<__gmpz_size(&storage.number) {
                hasher.combine(__gmpz_getlimbn(&storage.number, index))
            }
        }
    }

    private func compared(with other: BigInteger) -> Int32 {
        withUnsafePointer(to: storage.number) { left in
            withUnsafePointer(to: other.storage.number) { right in __gmpz_cmp(left, right) }
        }
    }
}

extension BigInteger: LosslessStringConvertible, ExpressibleByIntegerLiteral {
    /// Reads decimal digits with an optional sign; nil when the text is anything else.
    public init?(_ text: String) {
        self.init(text, radix: 10)
    }

    /// Makes the value of an integer literal that fits 64 bits.
    public init(integerLiteral value: Int) {
        self.init(value)
    }

    /// The decimal digits, with a minus sign when negative.
    public var description: String {
        let capacity = __gmpz_sizeinbase(&storage.number, 10) + 2
        return String(unsafeUninitializedCapacity: capacity) { buffer in
            buffer.withMemoryRebound(to: CChar.self) { characters in
                _ = __gmpz_get_str(characters.baseAddress, 10, &storage.number)
            }
            return buffer.firstIndex(of: 0) ?? 0
        }
    }
}

extension BigInteger: Codable {
    /// Reads a decimal string.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let value = BigInteger(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a decimal integer")
        }
        self = value
    }

    /// Writes a decimal string, so that no reader rounds it.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
