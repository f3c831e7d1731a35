/// A duration, held as whole picoseconds.
public struct Seconds: Sendable, Hashable, Comparable, Codable {
    public var picoseconds: Int

    public init(picoseconds: Int) {
        self.picoseconds = picoseconds
    }

    public static let zero = Seconds(picoseconds: 0)

    /// The duration in seconds.
    public var seconds: Double {
        Double(picoseconds) * 1e-12
    }

    public static func < (left: Seconds, right: Seconds) -> Bool {
        left.picoseconds < right.picoseconds
    }
}
