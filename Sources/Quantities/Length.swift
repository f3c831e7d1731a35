/// A length, such as the feature size of a process, held as whole picometres.
public struct Length: Sendable, Hashable, Comparable, Codable {
    public var picometres: Int

    public init(picometres: Int) {
        self.picometres = picometres
    }

    /// The length in metres.
    public var metres: Double {
        Double(picometres) * 1e-12
    }

    public static func < (left: Length, right: Length) -> Bool {
        left.picometres < right.picometres
    }
}
