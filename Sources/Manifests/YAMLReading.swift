import Diagnostics
import Yams

/// One pass over a YAML text: the tree, and every fault of form on the way.
///
/// The YAML library stops at the first repeated key and names only its first place. Each time, one character of that
/// earlier key is replaced by a private one, which leaves all columns as they were, and the text is read again; so all
/// repeated keys are found, and the last of them holds.
struct YAMLReading {
    let file: String
    /// The text with repeated keys made distinct.
    private var text: [Unicode.Scalar]
    private let lineCount: Int
    private var renamed: [Place: String] = [:]
    private var nodes = 0
    private(set) var findings: [Diagnostic] = []

    private struct Place: Hashable {
        var line: Int
        var column: Int
    }

    init(file: String, text: String) {
        self.file = file
        self.text = Array(text.unicodeScalars)
        lineCount = self.text.count { $0 == "\n" } + 1
    }

    /// The tree, or nil when the text is not YAML.
    mutating func tree() -> ManifestNode? {
        while true {
            do {
                let yaml = String(String.UnicodeScalarView(text))
                guard let node = try Yams.compose(yaml: yaml, .basic, .default, .utf8) else {
                    report("the file is empty", at: SourceLocation(file: file))
                    return nil
                }
                return converted(node, depth: 0)
            } catch YamlError.duplicatedKeysInMapping(_, let context) {
                guard renamed.count < Manifest.Limit.repeatedKeys,
                    renamed.count * text.count < Manifest.Limit.rereading, rename(at: context.mark)
                else {
                    report("a key is repeated", at: location(context.mark), fix: "keep one of them")
                    return nil
                }
            } catch {
                report(error)
                return nil
            }
        }
    }

    /// Replaces the first character of the key at a mark; `false` when there is no such key.
    private mutating func rename(at mark: Mark) -> Bool {
        guard let start = index(of: mark) else { return false }
        let isQuoted = text[start] == "'" || text[start] == "\""
        let position = isQuoted ? start + 1 : start
        guard position < text.count, text[position] != text[start] || !isQuoted, text[position] != "\\",
            let replacement = Unicode.Scalar(0xE000 + renamed.count)
        else { return false }
        let place = Place(line: mark.line, column: mark.column)
        guard renamed[place] == nil else { return false }
        renamed[place] = String(Character(text[position]))
        text[position] = replacement
        return true
    }

    private func index(of mark: Mark) -> Int? {
        var line = 1
        var index = 0
        while index < text.count, line < mark.line {
            let isPair = text[index] == "\r" && index + 1 < text.count && text[index + 1] == "\n"
            if ["\n", "\r", "\u{85}", "\u{2028}", "\u{2029}"].contains(text[index]), !isPair { line += 1 }
            index += 1
        }
        let start = index + mark.column - 1
        return line == mark.line && start >= 0 && start < text.count ? start : nil
    }

    private mutating func converted(_ node: Node, depth: Int) -> ManifestNode? {
        nodes += 1
        let place = location(node.mark)
        guard nodes <= Manifest.Limit.nodes, depth <= Manifest.Limit.depth else {
            let bound =
                depth > Manifest.Limit.depth ? "\(Manifest.Limit.depth) levels" : "\(Manifest.Limit.nodes) values"
            report("more than \(bound)", at: place)
            return nil
        }
        switch node {
        case .scalar(let scalar):
            let isQuoted = scalar.style != .plain && scalar.style != .any
            return ManifestNode(.scalar(scalar.string, isQuoted: isQuoted), at: place)
        case .sequence(let sequence):
            var items: [ManifestNode] = []
            for item in sequence {
                guard let converted = converted(item, depth: depth + 1) else { return nil }
                items.append(converted)
            }
            return ManifestNode(.sequence(items), at: place)
        case .mapping(let mapping):
            return entries(of: mapping, depth: depth).map { ManifestNode(.mapping($0), at: place) }
        case .alias:
            report("an alias is not accepted", at: place, fix: "write the value out")
            return nil
        }
    }

    private mutating func entries(of mapping: Node.Mapping, depth: Int) -> [ManifestEntry]? {
        var entries: [ManifestEntry] = []
        var positions: [String: Int] = [:]
        for (keyNode, valueNode) in mapping {
            guard let value = converted(valueNode, depth: depth + 1) else { return nil }
            guard let scalar = keyNode.scalar else {
                report("a key must be a text", at: location(keyNode.mark))
                continue
            }
            let key = original(scalar)
            let entry = ManifestEntry(key: key, keyLocation: location(keyNode.mark), value: value)
            if let earlier = positions[key] {
                report(
                    "the key '\(key)' is repeated; it was first written at \(entries[earlier].keyLocation.shortPlace)",
                    at: entry.keyLocation, fix: "keep one of them")
            } else {
                positions[key] = entries.count
                entries.append(entry)
            }
        }
        return entries
    }

    /// A key's text as the user wrote it.
    private func original(_ scalar: Node.Scalar) -> String {
        guard let mark = scalar.mark, let first = renamed[Place(line: mark.line, column: mark.column)] else {
            return scalar.string
        }
        return first + String(scalar.string.unicodeScalars.dropFirst())
    }

    private mutating func report(_ error: any Error) {
        switch error {
        case YamlError.scanner(let context, let problem, let mark, _),
            YamlError.parser(let context, let problem, let mark, _),
            YamlError.composer(let context, let problem, let mark, _):
            let setting = context.map { " \($0.text)" } ?? ""
            report("not YAML: \(problem)\(setting)", at: location(mark))
        case YamlError.reader(let problem, let offset, _, _):
            report("not YAML: \(problem)", at: location(offset: offset))
        default:
            report("not YAML", at: SourceLocation(file: file))
        }
    }

    private mutating func report(_ message: String, at location: SourceLocation, fix: String? = nil) {
        findings.append(Diagnostic(message, at: location, fix: fix))
    }

    private func location(_ mark: Mark?) -> SourceLocation {
        guard let mark else { return SourceLocation(file: file) }
        return SourceLocation(
            file: file, position: .text(line: min(max(mark.line, 1), lineCount), column: max(mark.column, 1)))
    }

    private func location(offset: Int?) -> SourceLocation {
        guard let offset, offset <= text.count else { return SourceLocation(file: file) }
        let before = text.prefix(offset)
        let line = before.count { $0 == "\n" } + 1
        let column = before.reversed().prefix { $0 != "\n" }.count + 1
        return SourceLocation(file: file, position: .text(line: line, column: column))
    }
}

extension SourceLocation {
    /// The place inside the file alone.
    fileprivate var shortPlace: String {
        switch position {
        case .text(let line, let column): "line \(line), column \(column)"
        case .byte(let offset): "byte \(offset)"
        case .part(let name): name
        case .whole: "the start"
        }
    }
}
