/// One fault of a user's input: what is wrong, where, and how to mend it.
public struct Diagnostic: Error, Sendable, Hashable {
    /// How much a finding weighs.
    public enum Severity: String, Sendable, Hashable, Codable {
        case error
        case warning
    }

    public var severity: Severity
    /// What is wrong, in one sentence without a final full stop.
    public var message: String
    /// Where the fault is, if it has a place.
    public var location: SourceLocation?
    /// What to do about it, if that is known.
    public var fix: String?

    public init(_ message: String, at location: SourceLocation? = nil, fix: String? = nil, severity: Severity = .error)
    {
        self.severity = severity
        self.message = message
        self.location = location
        self.fix = fix
    }
}

/// All faults of one input, reported at once.
public struct Diagnostics: Error, Sendable, Hashable {
    public var findings: [Diagnostic]

    public init(_ findings: [Diagnostic]) {
        self.findings = findings
    }
}
