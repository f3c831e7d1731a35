/// The set of integers that an element of a fixed-point tensor may take.
public struct NumberFormat: Sendable, Hashable, Codable {
    /// How the bits of an element are read.
    public enum Encoding: String, Sendable, Hashable, Codable, CaseIterable {
        /// `-2^(bits-1) ... 2^(bits-1) - 1`.
        case twosComplement
        /// `-2^(bits-1) + 1 ... 2^(bits-1) - 1`: symmetric about zero.
        case symmetric
        /// `0 ... 2^bits - 1`.
        case unsigned
        /// `-1` and `+1`, one bit.
        case bipolar
        /// `-1`, `0` and `+1`, two bits.
        case ternary
    }

    /// Width of one element in bits, 1 to 32.
    public let bits: Int
    public let encoding: Encoding

    /// - Precondition: `bits` is in 1...32, 1 for bipolar, 2 for ternary, at least 2 for symmetric.
    public init(bits: Int, encoding: Encoding) {
        precondition(NumberFormat.isValid(bits: bits, encoding: encoding), "no such number format")
        self.bits = bits
        self.encoding = encoding
    }

    /// Whether the pair names a format.
    public static func isValid(bits: Int, encoding: Encoding) -> Bool {
        switch encoding {
        case .twosComplement, .unsigned: (1...32).contains(bits)
        case .symmetric: (2...32).contains(bits)
        case .bipolar: bits == 1
        case .ternary: bits == 2
        }
    }

    /// The smallest element.
    public var minimum: Int {
        switch encoding {
        case .twosComplement: -(1 << (bits - 1))
        case .symmetric: 1 - (1 << (bits - 1))
        case .unsigned: 0
        case .bipolar, .ternary: -1
        }
    }

    /// The largest element.
    public var maximum: Int {
        switch encoding {
        case .twosComplement, .symmetric: (1 << (bits - 1)) - 1
        case .unsigned: (1 << bits) - 1
        case .bipolar, .ternary: 1
        }
    }

    /// Whether `value` is an element; 0 is not one of the bipolar format.
    public func contains(_ value: Int) -> Bool {
        value >= minimum && value <= maximum && !(encoding == .bipolar && value == 0)
    }

    public static let int8 = NumberFormat(bits: 8, encoding: .twosComplement)
    public static let uint8 = NumberFormat(bits: 8, encoding: .unsigned)
    public static let int16 = NumberFormat(bits: 16, encoding: .twosComplement)
    public static let int32 = NumberFormat(bits: 32, encoding: .twosComplement)
    public static let bipolar = NumberFormat(bits: 1, encoding: .bipolar)
    public static let ternary = NumberFormat(bits: 2, encoding: .ternary)
}

extension NumberFormat {
    private enum CodingKeys: String, CodingKey {
        case bits
        case encoding
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let bits = try container.decode(Int.self, forKey: .bits)
        let encoding = try container.decode(Encoding.self, forKey: .encoding)
        guard NumberFormat.isValid(bits: bits, encoding: encoding) else {
            throw DecodingError.dataCorruptedError(
                forKey: .bits, in: container, debugDescription: "\(encoding.rawValue) numbers cannot have \(bits) bits")
        }
        self.init(bits: bits, encoding: encoding)
    }
}
