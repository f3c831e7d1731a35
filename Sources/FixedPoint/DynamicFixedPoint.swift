/// The format ⟨IL, FL⟩: two's complement with `IL` bits before the binary point, the sign among them, and `FL` behind it.
///
/// Numbers are `-2^(IL-1) ... 2^(IL-1) - 2^-FL` in steps of `2^-FL`; either length may be negative (Gupta et al. 2015,
/// Courbariaux et al. 2014).
public struct DynamicFixedPoint: Sendable, Hashable, Codable {
    public let integerBits: Int
    public let fractionBits: Int

    /// - Returns: nil unless both together are 1...16 bits and the step `2^-FL` is a normal float32.
    public init?(integerBits: Int, fractionBits: Int) {
        guard (-126...126).contains(fractionBits), (-142...142).contains(integerBits),
            (1...16).contains(integerBits + fractionBits)
        else { return nil }
        self.integerBits = integerBits
        self.fractionBits = fractionBits
    }

    /// The integers that count steps.
    public var format: NumberFormat { NumberFormat(bits: integerBits + fractionBits, encoding: .twosComplement) }

    /// The step `2^-FL`.
    public var scale: Float { Float(sign: .plus, exponent: -fractionBits, significand: 1) }
}

extension DynamicFixedPoint {
    private enum CodingKeys: String, CodingKey {
        case integerBits
        case fractionBits
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let integerBits = try container.decode(Int.self, forKey: .integerBits)
        let fractionBits = try container.decode(Int.self, forKey: .fractionBits)
        guard let format = DynamicFixedPoint(integerBits: integerBits, fractionBits: fractionBits) else {
            throw DecodingError.dataCorruptedError(
                forKey: .integerBits, in: container,
                debugDescription:
                    "there is no fixed point with \(integerBits) integer and \(fractionBits) fraction bits")
        }
        self = format
    }
}
