/// An energy for each bit moved, held as whole femtojoules a bit in thousandths, so that a byte's share stays exact.
public struct EnergyPerBit: Sendable, Hashable, Codable, ScalarQuantity {
    /// Thousandths of a femtojoule (attojoules) for each bit.
    public var attojoules: Int

    public init(attojoules: Int) {
        self.attojoules = attojoules
    }

    public static let units = UnitTable(
        quantity: "energy of a bit",
        units: [
            .init("fJ/bit", 1000), .init("pJ/bit", 1_000_000), .init("nJ/bit", 1_000_000_000),
            .init("fJ/B", 1000, over: 8, prints: false), .init("pJ/B", 1_000_000, over: 8, prints: false),
            .init("nJ/B", 1_000_000_000, over: 8, prints: false),
        ], rounds: true)

    public var baseValue: Int { attojoules }

    public init(baseValue: Int) {
        attojoules = baseValue
    }

    /// The energy of moving an amount of data, rounded to a femtojoule; saturates at the largest energy.
    public func energy(of data: Bits) -> Energy {
        let product = attojoules.multipliedFullWidth(by: data.count)
        guard product.high == 0, product.low <= UInt(Int.max - 500) else { return Energy(femtojoules: Int.max) }
        return Energy(femtojoules: (Int(product.low) + 500) / 1000)
    }
}
