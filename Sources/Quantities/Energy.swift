/// An energy, held as whole femtojoules.
public struct Energy: Sendable, Hashable, Comparable, Codable {
    public var femtojoules: Int

    public init(femtojoules: Int) {
        self.femtojoules = femtojoules
    }

    public static let zero = Energy(femtojoules: 0)

    /// The energy in joules.
    public var joules: Double {
        Double(femtojoules) * 1e-15
    }

    public static func < (left: Energy, right: Energy) -> Bool {
        left.femtojoules < right.femtojoules
    }

    public static func + (left: Energy, right: Energy) -> Energy {
        Energy(femtojoules: left.femtojoules + right.femtojoules)
    }

    public static func += (left: inout Energy, right: Energy) {
        left.femtojoules += right.femtojoules
    }
}
