/// A clock frequency, held as whole hertz.
public struct Frequency: Sendable, Hashable, Comparable, Codable {
    public var hertz: Int

    public init(hertz: Int) {
        self.hertz = hertz
    }

    public static func < (left: Frequency, right: Frequency) -> Bool {
        left.hertz < right.hertz
    }

    /// The time that `cycles` take at this clock, in seconds; infinite at a frequency of zero.
    public func seconds(_ cycles: Cycles) -> Double {
        Double(cycles.count) / Double(hertz)
    }
}
