public import Foundation

/// A JSON Schema, which is the same for people and for programs.
public struct SchemaReport: Report {
    private let schema: Data

    public init(schema: Data) {
        self.schema = schema
    }

    public var text: String {
        let text = String(decoding: schema, as: UTF8.self)
        return text.hasSuffix("\n") ? text : text + "\n"
    }

    public func json() throws -> Data {
        Data(text.utf8)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
