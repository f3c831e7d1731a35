/// The units of one physical quantity, as exact fractions of the whole number that a value holds.
public struct UnitTable: Sendable, Hashable {
    /// One unit: its symbol and its size, `numerator / denominator` of the base.
    public struct Unit: Sendable, Hashable {
        public var symbol: String
        var numerator: UInt128
        var denominator: UInt128
        /// `true` when values are printed in it.
        var prints: Bool

        init(_ symbol: String, _ numerator: UInt128, over denominator: UInt128 = 1, prints: Bool = true) {
            self.symbol = symbol
            self.numerator = numerator
            self.denominator = denominator
            self.prints = prints
        }
    }

    /// What is measured, such as `memory`.
    public var quantity: String
    /// From small to large.
    public var units: [Unit]
    /// `true` when a value finer than the base is rounded to it; `false` when it is refused.
    var rounds: Bool

    /// Every symbol accepted, from small to large.
    public var symbols: [String] {
        units.map(\.symbol)
    }

    /// Reads a decimal number with a unit, such as `16 KiB` or `3.2pJ`, without binary rounding.
    ///
    /// - Returns: the value in the base unit, 0...Int.max.
    public func parse(_ text: String) throws(QuantityError) -> Int {
        let trimmed = text.drop { $0 == " " }
        let number = DecimalNumber(prefixOf: trimmed)
        guard let number else {
            throw QuantityError("'\(shown(text))' does not start with a number; write \(quantity) as \(example)")
        }
        let symbol = String(trimmed.dropFirst(number.length).drop { $0 == " " })
        guard let unit = units.first(where: { $0.symbol == symbol }) else {
            let problem = symbol.isEmpty ? "has no unit" : "has the unit '\(shown(symbol))'"
            throw QuantityError("'\(shown(text))' \(problem); units of \(quantity): \(symbols.joined(separator: ", "))")
        }
        guard let scaled = number.scaled(numerator: unit.numerator, denominator: unit.denominator) else {
            throw QuantityError("'\(shown(text))' is out of range for \(quantity)")
        }
        guard rounds || scaled.isExact else {
            throw QuantityError("'\(shown(text))' is not a whole number of \(units.first?.symbol ?? "units")")
        }
        return scaled.value
    }

    /// The value in the largest unit in which it is exact with at most three decimals.
    public func print(_ value: Int) -> String {
        let magnitude = UInt128(value.magnitude)
        for unit in units.reversed() where unit.prints {
            let thousandths = magnitude * unit.denominator * 1000
            guard thousandths % unit.numerator == 0 else { continue }
            let quotient = thousandths / unit.numerator
            guard quotient >= 1000 || unit == units.first(where: \.prints) else { continue }
            return (value < 0 ? "-" : "") + Self.decimal(thousandths: quotient) + " " + unit.symbol
        }
        return "\(value)"
    }

    private var example: String {
        "'\(units.first(where: \.prints).map { "16 \($0.symbol)" } ?? "16")'"
    }

    private func shown(_ text: String) -> String {
        text.count > 40 ? text.prefix(40) + "…" : text
    }

    private static func decimal(thousandths: UInt128) -> String {
        let rest = String(thousandths % 1000 + 1000).dropFirst()
        let fraction = String(rest.reversed().drop { $0 == "0" }.reversed())
        return "\(thousandths / 1000)" + (fraction.isEmpty ? "" : "." + fraction)
    }
}
