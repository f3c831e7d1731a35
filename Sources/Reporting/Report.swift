public import Foundation

/// What a command has to tell: an object with stable keys for programs, and a text for people.
public protocol Report: Encodable, Sendable {
    /// Lines for a terminal, with a newline at the end.
    var text: String { get }

    /// One JSON object: sorted keys, `schemaVersion` among them, a newline at the end.
    ///
    /// - Throws: `EncodingError` when a number is not finite.
    func json() throws -> Data
}

extension Report {
    public func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(ReportDocument(report: self)) + Data("\n".utf8)
    }
}

/// A report's keys and the version of the form in which they are written.
private struct ReportDocument: Encodable {
    /// Raised when a key changes its meaning or goes away; new keys do not raise it.
    static let version = 1

    let report: any Report

    private enum Key: String, CodingKey {
        case schemaVersion
    }

    func encode(to encoder: any Encoder) throws {
        try report.encode(to: encoder)
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(Self.version, forKey: .schemaVersion)
    }
}
