/// A power, held as whole nanowatts.
public struct Power: Sendable, Hashable, Comparable, Codable {
    public var nanowatts: Int

    public init(nanowatts: Int) {
        self.nanowatts = nanowatts
    }

    public static let zero = Power(nanowatts: 0)

    /// The power in watts.
    public var watts: Double {
        Double(nanowatts) * 1e-9
    }

    public static func < (left: Power, right: Power) -> Bool {
        left.nanowatts < right.nanowatts
    }
}
