/// A whole number of clock cycles.
public struct Cycles: Sendable, Hashable, Comparable, Codable {
    public var count: Int

    public init(_ count: Int) {
        self.count = count
    }

    public static let zero = Cycles(0)

    public static func < (left: Cycles, right: Cycles) -> Bool {
        left.count < right.count
    }

    public static func + (left: Cycles, right: Cycles) -> Cycles {
        Cycles(left.count + right.count)
    }

    public static func += (left: inout Cycles, right: Cycles) {
        left.count += right.count
    }
}
