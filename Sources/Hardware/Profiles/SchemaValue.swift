/// A piece of JSON, for the schema.
indirect enum SchemaValue: Encodable {
    case text(String)
    case number(Int)
    case flag(Bool)
    case list([SchemaValue])
    case object([String: SchemaValue])

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .text(let text): try container.encode(text)
        case .number(let number): try container.encode(number)
        case .flag(let flag): try container.encode(flag)
        case .list(let items): try container.encode(items)
        case .object(let entries): try container.encode(entries)
        }
    }
}
