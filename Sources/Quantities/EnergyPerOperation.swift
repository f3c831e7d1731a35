/// The energy of one operation, held as whole attojoules, so that narrow operations of small processes are not zero.
public struct EnergyPerOperation: Sendable, Hashable, Comparable, Codable {
    /// Thousandths of a femtojoule.
    public var attojoules: Int

    public init(attojoules: Int) {
        self.attojoules = attojoules
    }

    public init(_ energy: Energy) {
        attojoules = Int(clamping: Int128(energy.femtojoules) * 1000)
    }

    /// The energy of so many operations, rounded to a femtojoule; stops at the largest energy.
    public func energy(of count: Int) -> Energy {
        Energy(femtojoules: Int(clamping: (Int128(attojoules) * Int128(count) + 500) / 1000))
    }

    public static func + (left: EnergyPerOperation, right: EnergyPerOperation) -> EnergyPerOperation {
        EnergyPerOperation(attojoules: Int(clamping: Int128(left.attojoules) + Int128(right.attojoules)))
    }

    public static func < (left: EnergyPerOperation, right: EnergyPerOperation) -> Bool {
        left.attojoules < right.attojoules
    }
}
