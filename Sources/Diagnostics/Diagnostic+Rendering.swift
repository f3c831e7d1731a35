extension Diagnostic {
    /// The finding for people: `file:line:column: error: message`, the source line with a caret, and the fix.
    ///
    /// - Parameter source: the text of the file that the location names, for the line and the caret; nil leaves them out.
    public func rendered(source: String? = nil) -> String {
        var text = "\(severity.rawValue): \(message)"
        if let location {
            text = "\(location): \(text)"
            if case .text(let line, let column) = location.position, let source {
                text += Self.excerpt(of: source, line: line, column: column)
            }
        }
        if let fix {
            text += "\n  fix: \(fix)"
        }
        return text
    }

    /// The line of a place and a caret below it, each on a line of its own; empty for a place outside the text.
    private static func excerpt(of source: String, line: Int, column: Int) -> String {
        let lines = source.split(separator: "\n", omittingEmptySubsequences: false)
        guard line >= 1, line <= lines.count, column >= 1 else { return "" }
        let shown = lines[line - 1].unicodeScalars.filter { $0 != "\r" }
        let limit = 160
        let start = column > limit ? column - limit / 2 : 0
        let visible = shown.dropFirst(start).prefix(limit)
        let indent = shown.dropFirst(start).prefix(column - 1 - start).map { $0 == "\t" ? "\t" : " " }.joined()
        let printable = String(String.UnicodeScalarView(visible.map { $0.value < 32 && $0 != "\t" ? "\u{FFFD}" : $0 }))
        return "\n  \(printable)\n  \(indent)^"
    }
}

extension Diagnostics {
    /// All findings for people, in the order of their places, one after another.
    ///
    /// - Parameter sources: the text of each file named, for source lines and carets.
    public func rendered(sources: [String: String] = [:]) -> String {
        sorted().findings.map { finding in
            finding.rendered(source: finding.location.flatMap { sources[$0.file] })
        }.joined(separator: "\n")
    }
}
