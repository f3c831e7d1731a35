import Diagnostics

/// The structure of a layer's integer weights by which it is executed without decoding them.
///
/// The constant of the value stays what the weights are; a form holds the tables from which they are composed, and its
/// codes are found in the constant. Sums by the form equal the sums of products.
public enum WeightForm: Sendable, Hashable {
    /// Weights from a table of shared values.
    case codebook(Codebook)
    /// Parts of rows from tables of vectors.
    case productCodebook(ProductCodebook)
    /// A positive level, zero and a negative level.
    case ternary(TernaryLevels)
    /// Sums of signs times factors.
    case sketch(BinarySketch)
    /// Signed powers of two and zero.
    case powersOfTwo(PowersOfTwo)

    /// No number of a form may be larger in magnitude.
    static let largestMagnitude = 1 << 32

    /// Why weights have not this form, or nil if they have.
    public func fault(of rows: WeightRows) -> String? {
        do {
            switch self {
            case .codebook(let codebook): _ = try codebook.indices(of: rows)
            case .productCodebook(let codebook): _ = try codebook.indices(of: rows)
            case .ternary(let levels): _ = try levels.signs(of: rows)
            case .sketch(let sketch): _ = try sketch.patterns(of: rows)
            case .powersOfTwo(let powers): _ = try powers.factors(of: rows)
            }
            return nil
        } catch let fault as Diagnostic {
            return fault.message
        } catch {
            return "\(error)"
        }
    }
}

extension WeightForm: Codable {
    private enum CodingKeys: String, CodingKey {
        case codebook
        case productCodebook
        case ternary
        case sketch
        case powersOfTwo
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        guard container.allKeys.count == 1, let key = container.allKeys.first else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "weights have one form"))
        }
        self =
            switch key {
            case .codebook: .codebook(try container.decode(Codebook.self, forKey: key))
            case .productCodebook: .productCodebook(try container.decode(ProductCodebook.self, forKey: key))
            case .ternary: .ternary(try container.decode(TernaryLevels.self, forKey: key))
            case .sketch: .sketch(try container.decode(BinarySketch.self, forKey: key))
            case .powersOfTwo: .powersOfTwo(try container.decode(PowersOfTwo.self, forKey: key))
            }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .codebook(let codebook): try container.encode(codebook, forKey: .codebook)
        case .productCodebook(let codebook): try container.encode(codebook, forKey: .productCodebook)
        case .ternary(let levels): try container.encode(levels, forKey: .ternary)
        case .sketch(let sketch): try container.encode(sketch, forKey: .sketch)
        case .powersOfTwo(let powers): try container.encode(powers, forKey: .powersOfTwo)
        }
    }
}
