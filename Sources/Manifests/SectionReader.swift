public import Diagnostics
public import Quantities

/// Reads the keys of one mapping by name and type, and collects every fault: wrong types, missing and unknown keys.
///
///     var reader = SectionReader(node)
///     let rows = reader.integer("rows", in: 1...1024)
///     let size = reader.quantity("size", as: Bytes.self)
///     let findings = reader.finish()
public struct SectionReader {
    private let entries: [ManifestEntry]
    private let location: SourceLocation
    private var asked: [String] = []
    public private(set) var findings: [Diagnostic] = []

    public init(_ node: ManifestNode) {
        location = node.location
        entries = node.entries ?? []
        if node.entries == nil {
            findings.append(Diagnostic("expected a mapping, found \(node.form)", at: node.location))
        }
    }

    /// The value of a key as it stands; a missing required key is a fault.
    public mutating func node(_ key: String, required: Bool = true) -> ManifestNode? {
        asked.append(key)
        if let entry = entries.first(where: { $0.key == key }) { return entry.value }
        if required { findings.append(Diagnostic("the key '\(key)' is missing", at: location)) }
        return nil
    }

    /// A text that is not empty.
    public mutating func text(_ key: String, required: Bool = true) -> String? {
        guard let node = node(key, required: required) else { return nil }
        guard let text = node.text, !node.isNull else { return expected("a text", node, key) }
        return text
    }

    /// `true` or `false`.
    public mutating func flag(_ key: String, required: Bool = true) -> Bool? {
        guard let node = node(key, required: required) else { return nil }
        switch node.text {
        case "true": return true
        case "false": return false
        default: return expected("true or false", node, key)
        }
    }

    /// A whole number in a range.
    public mutating func integer(_ key: String, in range: ClosedRange<Int>, required: Bool = true) -> Int? {
        guard let node = node(key, required: required) else { return nil }
        guard let number = node.text.flatMap({ Int($0) }) else { return expected("a whole number", node, key) }
        guard range.contains(number) else {
            fault("'\(key)' is \(number), outside \(range.lowerBound) to \(range.upperBound)", at: node.location)
            return nil
        }
        return number
    }

    /// A decimal number in a range.
    public mutating func number(_ key: String, in range: ClosedRange<Double>, required: Bool = true) -> Double? {
        guard let node = node(key, required: required) else { return nil }
        guard let number = node.text.flatMap({ Double($0) }), number.isFinite else {
            return expected("a number", node, key)
        }
        guard range.contains(number) else {
            fault("'\(key)' is \(number), outside \(range.lowerBound) to \(range.upperBound)", at: node.location)
            return nil
        }
        return number
    }

    /// A number with its unit.
    public mutating func quantity<Q: Quantity>(_ key: String, as type: Q.Type, required: Bool = true) -> Q? {
        guard let node = node(key, required: required) else { return nil }
        guard let text = node.text else { return expected("a number with a unit", node, key) }
        do {
            return try Q.parse(text)
        } catch {
            fault("'\(key)': \(error.message)", at: node.location)
            return nil
        }
    }

    /// One of the raw values of an enumeration.
    public mutating func choice<C>(_ key: String, as type: C.Type, required: Bool = true) -> C?
    where C: RawRepresentable & CaseIterable, C.RawValue == String {
        guard let node = node(key, required: required) else { return nil }
        let words = C.allCases.map(\.rawValue)
        guard let text = node.text else { return expected("one of \(words.joined(separator: ", "))", node, key) }
        guard let choice = C(rawValue: text) else {
            fault("'\(key)' is '\(text)'", at: node.location, fix: Spelling.fix(for: text, among: words))
            return nil
        }
        return choice
    }

    /// The items of a list.
    public mutating func list(_ key: String, required: Bool = true) -> [ManifestNode]? {
        guard let node = node(key, required: required) else { return nil }
        guard let items = node.items else { return expected("a list", node, key) }
        return items
    }

    /// Adds a fault found by the caller.
    public mutating func fault(_ message: String, at location: SourceLocation, fix: String? = nil) {
        findings.append(Diagnostic(message, at: location, fix: fix))
    }

    /// All findings, unknown keys included: the keys that were never asked for.
    public func finish() -> [Diagnostic] {
        let unknown = entries.filter { !asked.contains($0.key) }
        return findings
            + unknown.map { entry in
                Diagnostic(
                    "unknown key '\(entry.key)'", at: entry.keyLocation,
                    fix: Spelling.fix(for: entry.key, among: asked))
            }
    }

    private mutating func expected<T>(_ form: String, _ node: ManifestNode, _ key: String) -> T? {
        let found = node.text.map { $0.isEmpty ? "nothing" : "'\($0.prefix(40))'" } ?? node.form
        fault("'\(key)' must be \(form), found \(found)", at: node.location)
        return nil
    }
}
