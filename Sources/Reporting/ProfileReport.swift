public import Hardware

/// A resolved profile: every value with its source.
public struct ProfileReport<Subject: Encodable & Sendable>: Report {
    public var name: String
    public var summary: String
    /// The kind of machine, or `runtime`.
    public var kind: String
    public var profile: Subject
    public var facts: [Fact]

    public init(name: String, summary: String, kind: String, profile: Subject, facts: [Fact]) {
        self.name = name
        self.summary = summary
        self.kind = kind
        self.profile = profile
        self.facts = facts
    }

    public var text: String {
        var table = TextTable([.left("key"), .left("value"), .left("from"), .left("source")])
        for fact in facts {
            table.append([fact.key, fact.value, fact.provenance?.rawValue ?? "", fact.source ?? ""])
        }
        return "\(name): \(summary)\n\n" + table.text
    }
}
