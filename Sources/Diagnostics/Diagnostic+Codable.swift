extension Diagnostic: Codable {
    private enum Key: String, CodingKey {
        case severity, message, file, line, column, byteOffset, part, fix
    }

    /// Writes the flat form `{severity, message, file, line, column, byteOffset, part, fix}` without absent keys.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(severity, forKey: .severity)
        try container.encode(message, forKey: .message)
        try container.encodeIfPresent(fix, forKey: .fix)
        guard let location else { return }
        try container.encode(location.file, forKey: .file)
        switch location.position {
        case .text(let line, let column):
            try container.encode(line, forKey: .line)
            try container.encode(column, forKey: .column)
        case .byte(let offset):
            try container.encode(offset, forKey: .byteOffset)
        case .part(let name):
            try container.encode(name, forKey: .part)
        case .whole:
            break
        }
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        let file = try container.decodeIfPresent(String.self, forKey: .file)
        self.init(
            try container.decode(String.self, forKey: .message),
            at: try file.map { SourceLocation(file: $0, position: try Self.position(in: container)) },
            fix: try container.decodeIfPresent(String.self, forKey: .fix),
            severity: try container.decode(Severity.self, forKey: .severity))
    }

    private static func position(in container: KeyedDecodingContainer<Key>) throws -> SourceLocation.Position {
        if let line = try container.decodeIfPresent(Int.self, forKey: .line) {
            return .text(line: line, column: try container.decodeIfPresent(Int.self, forKey: .column) ?? 1)
        }
        if let offset = try container.decodeIfPresent(Int.self, forKey: .byteOffset) {
            return .byte(offset: offset)
        }
        return try container.decodeIfPresent(String.self, forKey: .part).map { .part($0) } ?? .whole
    }
}
