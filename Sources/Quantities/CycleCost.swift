/// Cycles that one operation takes, exact to a thousandth: half a cycle is a machine that starts two in each.
public struct CycleCost: Sendable, Hashable, Comparable, Codable {
    public var thousandths: Int

    public init(thousandths: Int) {
        self.thousandths = thousandths
    }

    public init(_ cycles: Int) {
        thousandths = cycles * 1000
    }

    public static let zero = CycleCost(thousandths: 0)

    /// Cycles as a binary fraction.
    public var value: Double {
        Double(thousandths) / 1000
    }

    public static func < (left: CycleCost, right: CycleCost) -> Bool {
        left.thousandths < right.thousandths
    }

    public static func + (left: CycleCost, right: CycleCost) -> CycleCost {
        CycleCost(thousandths: left.thousandths + right.thousandths)
    }
}
