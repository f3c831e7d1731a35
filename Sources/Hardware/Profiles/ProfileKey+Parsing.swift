import Manifests
import Quantities

/// Bounds on numbers, far above any machine, so that cost models cannot overflow.
private enum Largest {
    static let bytes = 1 << 45
    static let bits = 1 << 20
    static let cycles = 1_000_000_000
    static let hertz = 1_000_000_000_000
    static let thousandths = 1_000_000_000_000
    static let microvolts = 1_000_000_000
    static let nanoamperes = 1_000_000_000_000
    static let picometres = 1_000_000_000
}

extension ProfileKey.Kind {
    /// Reads a scalar of this kind; the error says what is allowed.
    func parse(_ text: String) throws(QuantityError) -> ProfileValue {
        switch self {
        case .text: return .text(text)
        case .flag: return try Self.flag(text)
        case .choice(let words): return .text(try Self.word(text, of: words))
        case .choices(let words): return .words([try Self.word(text, of: words)])
        case .names: return .words([text])
        case .integer(let range): return .integer(try Self.integer(text, in: range))
        case .range(let bounds): return .range(try Self.range(text, in: bounds))
        case .count: return .count(thousandths: try Self.count(text))
        case .cycles: return .cycles(try Self.bounded(text, 0...Largest.cycles))
        case .cost: return .cost(try Self.bounded(text, 0...Largest.cycles))
        case .bytes: return .bytes(try Self.bounded(text, 0...Largest.bytes))
        case .bits: return .bits(try Self.bounded(text, 0...Largest.bits))
        case .frequency: return .frequency(try Self.bounded(text, 1...Largest.hertz))
        case .bandwidth: return .bandwidth(try Self.bandwidth(text))
        case .power: return .power(try Self.bounded(text, 0...Largest.thousandths * 1000))
        case .energy: return .energy(try Self.bounded(text, 0...Largest.thousandths * 1000))
        case .energyPerBit: return .energyPerBit(try Self.bounded(text, 0...Largest.thousandths * 1000))
        case .voltage: return .voltage(try Self.bounded(text, 1...Largest.microvolts))
        case .current: return .current(try Self.bounded(text, 0...Largest.nanoamperes))
        case .length: return .length(try Self.bounded(text, 1...Largest.picometres))
        case .section, .table: throw QuantityError("expected a mapping, found '\(text.prefix(40))'")
        }
    }

    private static func bounded<Q: ScalarQuantity>(_ text: String, _ range: ClosedRange<Int>) throws(QuantityError) -> Q
    {
        let value = try Q.parse(text)
        guard range.contains(value.baseValue) else {
            let low = Q(baseValue: range.lowerBound)
            throw QuantityError("'\(text)' is out of range: \(low) to \(Q(baseValue: range.upperBound))")
        }
        return value
    }

    private static func bandwidth(_ text: String) throws(QuantityError) -> Bandwidth {
        let value = try Bandwidth.parse(text)
        let amount =
            switch value {
            case .perCycle(let thousandths): thousandths
            case .perSecond(let bytes): bytes
            }
        guard (1...Largest.thousandths * 1000).contains(amount) else {
            throw QuantityError("'\(text)' is out of range: a bandwidth is more than nothing and at most 1000 TB/s")
        }
        return value
    }

    private static func flag(_ text: String) throws(QuantityError) -> ProfileValue {
        switch text {
        case "true": return .flag(true)
        case "false": return .flag(false)
        default: throw QuantityError("'\(text.prefix(40))' is neither true nor false")
        }
    }

    private static func word(_ text: String, of words: [String]) throws(QuantityError) -> String {
        guard words.contains(text) else {
            let near = Spelling.nearest(to: text, among: words).map { "; did you mean '\($0)'?" }
            throw QuantityError(
                "'\(text.prefix(40))' is not known" + (near ?? "; write one of \(words.joined(separator: ", "))"))
        }
        return text
    }

    private static func integer(_ text: String, in range: ClosedRange<Int>) throws(QuantityError) -> Int {
        guard let number = Int(text), text.first != "+" else {
            throw QuantityError("'\(text.prefix(40))' is not a whole number without a unit")
        }
        guard range.contains(number) else {
            throw QuantityError("\(number) is out of range: \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    private static func range(_ text: String, in bounds: ClosedRange<Int>) throws(QuantityError) -> ClosedRange<Int> {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        let ends = parts.count == 3 && parts[1].isEmpty ? [parts[0], parts[2]] : [text, text]
        guard let low = Int(ends[0]), let high = Int(ends[1]), low <= high else {
            throw QuantityError("'\(text.prefix(40))' is not a range; write it as '1..8', or '8' alone")
        }
        guard bounds.contains(low), bounds.contains(high) else {
            throw QuantityError("'\(text)' is out of range: \(bounds.lowerBound)..\(bounds.upperBound)")
        }
        return low...high
    }

    private static func count(_ text: String) throws(QuantityError) -> Int {
        guard !text.contains(" "), let value = try? CycleCost.parse(text + " cycles"),
            value.thousandths <= Largest.thousandths
        else {
            throw QuantityError("'\(text.prefix(40))' is not a number of at most three decimals without a unit")
        }
        return value.thousandths
    }
}
