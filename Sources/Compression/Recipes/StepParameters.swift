/// The parameters of a recipe entry with the defaults of its step filled in.
public struct StepParameters: Sendable {
    private let given: [String: ParameterValue]
    private let domains: [String: ParameterDescription.Domain]

    /// - Precondition: `given` has passed `description.findings`.
    public init(_ given: [String: ParameterValue], for description: StepDescription) {
        self.given = given
        domains = Dictionary(
            description.parameters.map { ($0.name, $0.domain) }, uniquingKeysWith: { first, _ in first })
    }

    public func flag(_ name: String) -> Bool {
        if case .flag(let value)? = given[name] { return value }
        if case .flag(let value)? = domains[name] { return value }
        preconditionFailure("no flag '\(name)' is described")
    }

    /// The integer, its default, or nil when neither is there.
    public func integer(_ name: String) -> Int? {
        if case .number(let value)? = given[name] { return Int(value) }
        if case .integer(_, let value)? = domains[name] { return value }
        preconditionFailure("no integer '\(name)' is described")
    }

    /// The number, its default, or nil when neither is there.
    public func number(_ name: String) -> Double? {
        if case .number(let value)? = given[name] { return value }
        if case .number(_, let value)? = domains[name] { return value }
        preconditionFailure("no number '\(name)' is described")
    }

    public func choice<Choice: RawRepresentable<String>>(_ name: String) -> Choice {
        var word: String?
        if case .choice(_, let value)? = domains[name] { word = value }
        if case .text(let value)? = given[name] { word = value }
        guard let choice = word.flatMap(Choice.init) else { preconditionFailure("no choice '\(name)' is described") }
        return choice
    }

    /// The choice, or nil for a word that stands for none of them.
    public func optionalChoice<Choice: RawRepresentable<String>>(_ name: String) -> Choice? {
        if case .text(let word)? = given[name] { return Choice(rawValue: word) }
        if case .choice(_, let word)? = domains[name] { return Choice(rawValue: word) }
        preconditionFailure("no choice '\(name)' is described")
    }

    /// Integers by name; empty when none were given.
    public func table(_ name: String) -> [String: Int] {
        if case .table(let entries)? = given[name] { return entries.mapValues { Int($0) } }
        return [:]
    }
}
