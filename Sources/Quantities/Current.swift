/// A current, held as whole nanoamperes.
public struct Current: Sendable, Hashable, Comparable, Codable {
    public var nanoamperes: Int

    public init(nanoamperes: Int) {
        self.nanoamperes = nanoamperes
    }

    /// The current in amperes.
    public var amperes: Double {
        Double(nanoamperes) * 1e-9
    }

    public static func < (left: Current, right: Current) -> Bool {
        left.nanoamperes < right.nanoamperes
    }
}
