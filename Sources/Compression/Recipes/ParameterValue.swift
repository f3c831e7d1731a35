/// A parameter of a step as it stands in a recipe.
public enum ParameterValue: Sendable, Hashable, Codable {
    case flag(Bool)
    case number(Double)
    case text(String)
    /// Numbers by the name of a layer or value.
    case table([String: Double])

    public static func integer(_ value: Int) -> ParameterValue { .number(Double(value)) }

    public static func table(_ integers: [String: Int]) -> ParameterValue { .table(integers.mapValues(Double.init)) }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let flag = try? container.decode(Bool.self) {
            self = .flag(flag)
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else if let text = try? container.decode(String.self) {
            self = .text(text)
        } else if let table = try? container.decode([String: Double].self) {
            self = .table(table)
        } else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "expected a number, a word, true, false or a table of numbers")
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .flag(let flag): try container.encode(flag)
        case .number(let number):
            if let integer = Int(exactly: number) {
                try container.encode(integer)
            } else {
                try container.encode(number)
            }
        case .text(let text): try container.encode(text)
        case .table(let table): try container.encode(table)
        }
    }
}
