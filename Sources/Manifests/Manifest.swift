public import Diagnostics

/// A human-written YAML file as a located tree, with the faults of its form.
public struct Manifest: Sendable, Hashable {
    /// Bounds that a file must keep, so that reading it takes bounded time and memory.
    public enum Limit {
        public static let bytes = 512 * 1024
        public static let nodes = 100_000
        public static let depth = 32
        public static let repeatedKeys = 100
        /// Characters read again because of repeated keys.
        public static let rereading = 8_000_000
    }

    /// The file's name as the user wrote it.
    public var file: String
    /// The file's text, for carets.
    public var text: String
    /// The tree, or nil when the file is not YAML.
    public var root: ManifestNode?
    /// Faults of form: syntax, repeated keys, keys that are not texts, bounds exceeded.
    public var findings: [Diagnostic]

    /// Reads UTF-8 YAML; never fails, but reports what is wrong in `findings`.
    public init(file: String, bytes: some Collection<UInt8>) {
        self.file = file
        text = ""
        root = nil
        findings = []
        guard bytes.count <= Limit.bytes else {
            add("the file has \(bytes.count) bytes, more than the \(Limit.bytes) that are read")
            return
        }
        guard let decoded = String(validating: bytes, as: UTF8.self) else {
            add("the file is not UTF-8 text", fix: "save it as UTF-8")
            return
        }
        text = decoded
        if let place = Self.anchorPlace(in: decoded) {
            findings.append(
                Diagnostic(
                    "anchors and aliases (&name, *name) are not accepted", at: location(place.line, place.column),
                    fix: "write the value out, or quote a text with '&' and put no space before it"))
            return
        }
        readTree()
    }

    private mutating func readTree() {
        var reading = YAMLReading(file: file, text: text)
        root = reading.tree()
        findings += reading.findings
    }

    private mutating func add(_ message: String, fix: String? = nil) {
        findings.append(Diagnostic(message, at: SourceLocation(file: file), fix: fix))
    }

    private func location(_ line: Int, _ column: Int) -> SourceLocation {
        SourceLocation(file: file, position: .text(line: line, column: column))
    }

    /// The first `&` that may define an anchor: after a blank or an opening bracket, before a name, outside comment lines.
    ///
    /// Deliberately without regard to quotes: a text that is refused needlessly can be rewritten, an alias bomb cannot.
    private static func anchorPlace(in text: String) -> (line: Int, column: Int)? {
        var line = 1
        var column = 0
        var previous: Unicode.Scalar = "\n"
        var candidate: (line: Int, column: Int)?
        var isComment = false
        var isBlankSoFar = true
        for scalar in text.unicodeScalars {
            if candidate != nil, !CharacterClass.isBlank(scalar) { return candidate }
            candidate = nil
            column += 1
            if CharacterClass.isLineBreak(scalar) {
                line += 1
                column = 0
                isComment = false
                isBlankSoFar = true
            } else {
                if isBlankSoFar, scalar == "#" { isComment = true }
                if !CharacterClass.isBlank(scalar) { isBlankSoFar = false }
                if scalar == "&", !isComment, CharacterClass.mayPrecedeAnchor(previous) { candidate = (line, column) }
            }
            previous = scalar
        }
        return nil
    }
}

private enum CharacterClass {
    static func isLineBreak(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "\n" || scalar == "\r" || scalar == "\u{85}" || scalar == "\u{2028}" || scalar == "\u{2029}"
    }

    static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        scalar == " " || scalar == "\t" || isLineBreak(scalar)
    }

    static func mayPrecedeAnchor(_ scalar: Unicode.Scalar) -> Bool {
        isBlank(scalar) || ["[", "{", ",", ":", "-", "?", "\u{FEFF}"].contains(scalar)
    }
}
