/// A profile with all that it extends, its overrides applied, and the source of each value.
public struct ResolvedProfile<Subject: Sendable & Hashable & Codable>: Sendable, Hashable, Codable {
    /// Version of the JSON form.
    public var schemaVersion = 1
    /// The device or runtime library.
    public var subject: Subject
    /// Every value, in the order of the reference page.
    public var facts: [Fact]

    init(subject: Subject, facts: [Fact]) {
        self.subject = subject
        self.facts = facts
    }

    /// A table for people: key, value, kind of source, source.
    public func table() -> String {
        let keyWidth = min(48, facts.map(\.key.count).max() ?? 0)
        let valueWidth = min(40, facts.map(\.value.count).max() ?? 0)
        return facts.map { fact in
            let key = fact.key.padded(to: keyWidth)
            guard let provenance = fact.provenance, let source = fact.source else { return "\(key)  \(fact.value)" }
            return "\(key)  \(fact.value.padded(to: valueWidth))  \(provenance.rawValue.padded(to: 9))  \(source)"
        }.joined(separator: "\n")
    }
}

public typealias ResolvedDevice = ResolvedProfile<Device>
public typealias ResolvedRuntime = ResolvedProfile<RuntimeLibrary>

extension String {
    fileprivate func padded(to width: Int) -> String {
        count >= width ? self : self + String(repeating: " ", count: width - count)
    }
}
