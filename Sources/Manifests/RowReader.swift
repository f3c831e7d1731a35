public import Diagnostics

/// Reads the fields of one row by the title of their column, and collects every fault.
///
///     var reader = RowReader(row, of: table)
///     let height = reader.integer("inputHeight", in: 1...65_535)
///     faults += reader.findings
public struct RowReader {
    private let table: DelimitedTable
    private let row: DelimitedTable.Row
    public private(set) var findings: [Diagnostic] = []

    public init(_ row: DelimitedTable.Row, of table: DelimitedTable) {
        self.row = row
        self.table = table
    }

    /// The field as it is written; nil for a column that is not there and for an empty field.
    public func field(_ title: String) -> String? {
        guard let column = table.heading.fields.firstIndex(of: title), column < row.fields.count,
            !row.fields[column].isEmpty
        else { return nil }
        return row.fields[column]
    }

    /// A text that is not empty.
    public mutating func text(_ title: String) -> String? {
        if let text = field(title) { return text }
        fault("the column '\(title)' is empty or missing")
        return nil
    }

    /// A whole number in a range; an empty field gives `fallback`, or is a fault without one.
    public mutating func integer(_ title: String, in range: ClosedRange<Int>, fallback: Int? = nil) -> Int? {
        guard let written = field(title) else {
            if fallback == nil { fault("the column '\(title)' is empty or missing") }
            return fallback
        }
        guard let number = Int(written) else {
            fault("'\(title)' is '\(written)', not a whole number")
            return nil
        }
        guard range.contains(number) else {
            fault("'\(title)' is \(number), outside \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return number
    }

    /// `true` or `false`; an empty field gives `fallback`.
    public mutating func flag(_ title: String, fallback: Bool) -> Bool? {
        guard let written = field(title) else { return fallback }
        guard let flag = Bool(written) else {
            fault("'\(title)' is '\(written)', neither true nor false")
            return nil
        }
        return flag
    }

    /// A finite number in a range.
    public mutating func number(_ title: String, in range: ClosedRange<Double>) -> Double? {
        guard let written = text(title) else { return nil }
        guard let number = Double(written), number.isFinite else {
            fault("'\(title)' is '\(written)', not a number")
            return nil
        }
        guard range.contains(number) else {
            fault("'\(title)' is \(number), outside \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return number
    }

    /// One of the raw values of an enumeration.
    public mutating func choice<C>(_ title: String, as type: C.Type) -> C?
    where C: RawRepresentable & CaseIterable, C.RawValue == String {
        guard let written = text(title) else { return nil }
        guard let choice = C(rawValue: written) else {
            fault(
                "'\(title)' is '\(written)'", fix: Spelling.fix(for: written, among: C.allCases.map(\.rawValue)))
            return nil
        }
        return choice
    }

    /// Adds a fault of this row.
    public mutating func fault(_ message: String, fix: String? = nil) {
        findings.append(Diagnostic(message, at: table.location(line: row.line), fix: fix))
    }
}
