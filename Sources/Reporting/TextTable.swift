/// A table for a terminal: columns as wide as their contents, numbers to the right.
public struct TextTable: Sendable {
    /// One column: its title and the side at which its cells stand.
    public struct Column: Sendable {
        public enum Alignment: Sendable {
            case left
            case right
        }

        public var title: String
        public var alignment: Alignment

        public static func left(_ title: String) -> Column { Column(title: title, alignment: .left) }

        public static func right(_ title: String) -> Column { Column(title: title, alignment: .right) }
    }

    /// Longer cells are shortened in their middle, except in the last column.
    private static let widestCell = 56

    private let columns: [Column]
    private var rows: [[String]] = []
    /// Places in `rows` above which a rule is drawn.
    private var rules: Set<Int> = []

    public init(_ columns: [Column]) {
        self.columns = columns
    }

    /// Adds a row; missing cells are empty.
    public mutating func append(_ cells: [String]) {
        let padding = Array(repeating: "", count: max(0, columns.count - cells.count))
        let shown = cells.prefix(columns.count).enumerated().map { index, cell in
            Self.shortened(cell, to: index == columns.count - 1 ? .max : Self.widestCell)
        }
        rows.append(shown + padding)
    }

    /// Draws a rule below the rows so far.
    public mutating func appendRule() {
        rules.insert(rows.count)
    }

    /// The lines, each with a newline at its end.
    public var text: String {
        let titles = columns.map(\.title)
        let widths = columns.indices.map { index in
            ([titles] + rows).map { $0[index].count }.max() ?? 0
        }
        let rule = widths.map { String(repeating: "-", count: $0) }.joined(separator: "  ")
        var lines = [line(titles, widths), rule]
        for (index, row) in rows.enumerated() {
            if rules.contains(index), index > 0 { lines.append(rule) }
            lines.append(line(row, widths))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        var line = ""
        for (index, cell) in cells.enumerated() {
            let padding = String(repeating: " ", count: widths[index] - cell.count)
            switch columns[index].alignment {
            case .left: line += cell + padding
            case .right: line += padding + cell
            }
            line += "  "
        }
        while line.last == " " { line.removeLast() }
        return line
    }

    /// The cell on one line and not too wide.
    private static func shortened(_ cell: String, to width: Int) -> String {
        let plain = String(cell.map { $0.isNewline || $0 == "\t" ? " " : $0 })
        guard plain.count > width else { return plain }
        let half = (width - 1) / 2
        return plain.prefix(half) + "…" + plain.suffix(width - 1 - half)
    }
}
