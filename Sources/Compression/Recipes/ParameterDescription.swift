/// What a parameter of a step means and which values it may take.
public struct ParameterDescription: Sendable, Hashable, Codable {
    /// The values that a parameter may take.
    public enum Domain: Sendable, Hashable, Codable {
        case flag(default: Bool)
        /// Without a default the parameter may be left out; the summary says what happens then.
        case integer(ClosedRange<Int>, default: Int?)
        case number(ClosedRange<Double>, default: Double?)
        case choice([String], default: String)
        /// Integers by the name of a layer or value.
        case table(ClosedRange<Int>)
    }

    public var name: String
    /// One sentence without a final full stop.
    public var summary: String
    public var domain: Domain

    public init(_ name: String, _ summary: String, _ domain: Domain) {
        self.name = name
        self.summary = summary
        self.domain = domain
    }

    /// Why `value` is not one of this parameter's, or nil if it is.
    public func refusal(of value: ParameterValue) -> String? {
        switch (domain, value) {
        case (.flag, .flag): return nil
        case (.integer(let range, _), .number(let number)): return ParameterDescription.refusal(of: number, range)
        case (.number(let range, _), .number(let number)):
            return range.contains(number) ? nil : "\(number) is outside \(range.lowerBound)...\(range.upperBound)"
        case (.choice(let words, _), .text(let word)):
            return words.contains(word) ? nil : "'\(word)' is none of \(words.joined(separator: ", "))"
        case (.table(let range), .table(let entries)):
            let faults = entries.sorted { $0.key < $1.key }.compactMap { name, number in
                ParameterDescription.refusal(of: number, range).map { "\(name): \($0)" }
            }
            return faults.isEmpty ? nil : faults.joined(separator: "; ")
        case (.flag, _): return "expected true or false"
        case (.integer, _), (.number, _): return "expected a number"
        case (.choice(let words, _), _): return "expected one of \(words.joined(separator: ", "))"
        case (.table, _): return "expected a table of integers by name"
        }
    }

    private static func refusal(of number: Double, _ range: ClosedRange<Int>) -> String? {
        guard let integer = Int(exactly: number) else { return "\(number) is not an integer" }
        return range.contains(integer) ? nil : "\(integer) is outside \(range.lowerBound)...\(range.upperBound)"
    }
}
