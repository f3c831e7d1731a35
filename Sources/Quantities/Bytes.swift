/// An amount of memory in bytes.
public struct Bytes: Sendable, Hashable, Comparable, Codable {
    public var count: Int

    public init(_ count: Int) {
        self.count = count
    }

    public static func < (left: Bytes, right: Bytes) -> Bool {
        left.count < right.count
    }

    public static func + (left: Bytes, right: Bytes) -> Bytes {
        Bytes(left.count + right.count)
    }
}
