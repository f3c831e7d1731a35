public import Diagnostics
import SwiftCSV

/// A CSV file as located rows under a heading, with the faults of its form.
///
/// Fields may be quoted; a row ends with its line. Lines that are blank or start with `#` are skipped.
public struct DelimitedTable: Sendable, Hashable {
    /// One line with its fields, blanks around them removed.
    public struct Row: Sendable, Hashable {
        /// Counted from 1.
        public var line: Int
        public var fields: [String]

        public init(line: Int, fields: [String]) {
            self.line = line
            self.fields = fields
        }
    }

    /// Bounds that a file must keep, so that reading it takes bounded time and memory.
    public enum Limit {
        public static let bytes = 4 << 20
        public static let rows = 20_000
    }

    /// The file's name as the user wrote it.
    public var file: String
    /// Titles of the columns, or nothing for a file without a row.
    public var heading: Row
    /// The rows below the heading.
    public var rows: [Row]
    /// Faults of form: not UTF-8, broken quotation, bounds exceeded, no row at all.
    public var findings: [Diagnostic]

    /// Reads UTF-8 text; never fails, but reports what is wrong in `findings`.
    public init(file: String, bytes: some Collection<UInt8>) {
        self.file = file
        heading = Row(line: 1, fields: [])
        rows = []
        findings = []
        guard bytes.count <= Limit.bytes else {
            fault("the file has \(bytes.count) bytes, more than the \(Limit.bytes) that are read", line: 1)
            return
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            fault("the file is not UTF-8 text", line: 1)
            return
        }
        read(text)
        if rows.isEmpty, heading.fields.isEmpty, findings.isEmpty { fault("the file holds no row", line: 1) }
    }

    private mutating func read(_ text: String) {
        var all: [Row] = []
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (index, line) in lines.enumerated() {
            let written = line.drop { $0.isWhitespace || $0 == "\u{feff}" }
            guard let first = written.first, first != "#" else { continue }
            guard all.count <= Limit.rows else {
                fault("the file has more than the \(Limit.rows) rows that are read", line: index + 1)
                break
            }
            do {
                let fields = try CSV<Enumerated>(string: String(written), delimiter: .comma, loadColumns: false).header
                all.append(Row(line: index + 1, fields: fields.map(Self.trimmed)))
            } catch {
                fault("a quotation mark has no counterpart or stands inside a field", line: index + 1)
            }
        }
        guard let first = all.first else { return }
        heading = first
        rows = Array(all.dropFirst())
    }

    private static func trimmed(_ field: String) -> String {
        let blanks = field.prefix { $0.isWhitespace }.count
        return String(field.dropFirst(blanks).reversed().drop { $0.isWhitespace }.reversed())
    }

    private mutating func fault(_ message: String, line: Int) {
        findings.append(Diagnostic(message, at: location(line: line)))
    }

    /// The start of a line of this file.
    public func location(line: Int) -> SourceLocation {
        SourceLocation(file: file, position: .text(line: line, column: 1))
    }
}
