/// A physical quantity that people write with its unit, as in `16 KiB`, `3.2 pJ` or `2 B/cycle`.
public protocol Quantity: Sendable, Hashable, CustomStringConvertible {
    /// What is measured, for messages.
    static var quantityName: String { get }
    /// Every unit accepted.
    static var unitSymbols: [String] { get }
    /// Reads a number with a unit; the error names the units allowed.
    static func parse(_ text: String) throws(QuantityError) -> Self
}

/// A quantity that is one whole number of a base unit.
public protocol ScalarQuantity: Quantity {
    static var units: UnitTable { get }
    /// The value in the base unit of `units`.
    var baseValue: Int { get }
    init(baseValue: Int)
}

extension ScalarQuantity {
    public static var quantityName: String {
        units.quantity
    }

    public static var unitSymbols: [String] {
        units.symbols
    }

    public static func parse(_ text: String) throws(QuantityError) -> Self {
        Self(baseValue: try units.parse(text))
    }

    /// The value with its unit, exact, so that it parses to itself.
    public var description: String {
        Self.units.print(baseValue)
    }
}
