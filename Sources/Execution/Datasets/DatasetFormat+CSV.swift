import Diagnostics
import Foundation
import Networks

/// CSV labels: one row for each case, the class in the column `label`, in the only column, or behind a running number.
struct CSVFormat: DatasetFormat {
    static let name = "CSV labels"
    static let carriesLabels = true

    private static let headings = ["label", "labels", "class", "target"]

    func recognizes(_ file: DataFile, for network: Network) -> Bool {
        file.name.lowercased().hasSuffix(".csv")
    }

    func cases(_ file: DataFile, for network: Network, normalization: Normalization) throws -> any Dataset {
        throw file.fault("a CSV file holds labels, not inputs")
    }

    func labels(_ file: DataFile, for network: Network) throws -> [Int]? {
        var rows = CSVFormat.rows(of: String(decoding: file.bytes, as: UTF8.self))
        guard let first = rows.first else { throw file.fault("the file holds no row") }
        var names: [String] = []
        if first.fields.contains(where: { Int($0.text) == nil && !$0.text.isEmpty }) {
            names = rows.removeFirst().fields.map { $0.text.lowercased() }
        }
        let column = try labelColumn(names: names, rows: rows, file: file)
        let range = network.classCount.map { 0..<$0 } ?? 0..<Int.max
        var findings: [Diagnostic] = []
        let labels = rows.compactMap { row -> Int? in
            guard column < row.fields.count else {
                findings.append(row.fault("the row has no field \(column + 1)", column: row.length + 1, file: file))
                return nil
            }
            let field = row.fields[column]
            guard let label = Int(field.text) else {
                findings.append(row.fault("'\(field.text)' is not a whole number", column: field.column, file: file))
                return nil
            }
            if !range.contains(label) {
                let message = "label \(label) is not a class of 0 to \(range.upperBound - 1)"
                findings.append(row.fault(message, column: field.column, file: file))
            }
            return label
        }
        guard findings.isEmpty else { throw Diagnostics(findings) }
        return labels
    }

    private func labelColumn(names: [String], rows: [Row], file: DataFile) throws -> Int {
        if let column = names.firstIndex(where: CSVFormat.headings.contains) { return column }
        let width = rows.first?.fields.count ?? names.count
        if width == 1 { return 0 }
        let isNumbered = rows.enumerated().allSatisfy { Int($1.fields[0].text) == $0 }
        if isNumbered, width == 2 { return 1 }
        throw file.fault("no column is called 'label'", fix: "name the column of the class numbers 'label'")
    }

    /// One line with its fields.
    private struct Row {
        let line: Int
        let length: Int
        let fields: [(text: String, column: Int)]

        func fault(_ message: String, column: Int, file: DataFile) -> Diagnostic {
            Diagnostic(message, at: SourceLocation(file: file.name, position: .text(line: line, column: column)))
        }
    }

    /// The lines that are not empty, cut at commas, semicolons or tabs; quotation marks around a field are dropped.
    private static func rows(of text: String) -> [Row] {
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        return lines.enumerated().compactMap { number, line in
            if line.allSatisfy(\.isWhitespace) { return nil }
            var column = 1
            let separator: Character = [",", ";", "\t"].first { line.contains($0) } ?? ","
            let fields = line.split(separator: separator, omittingEmptySubsequences: false).map { field in
                defer { column += field.count + 1 }
                let text = field.trimmingCharacters(in: .whitespaces.union(CharacterSet(charactersIn: "\"'\u{feff}")))
                return (text: text, column: column)
            }
            return Row(line: number + 1, length: line.count, fields: fields)
        }
    }
}
