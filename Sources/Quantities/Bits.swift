/// An amount of information in bits.
public struct Bits: Sendable, Hashable, Comparable, Codable {
    public var count: Int

    public init(_ count: Int) {
        self.count = count
    }

    /// The whole bytes that hold these bits.
    public var bytes: Bytes {
        Bytes((count + 7) / 8)
    }

    public static func < (left: Bits, right: Bits) -> Bool {
        left.count < right.count
    }

    public static func + (left: Bits, right: Bits) -> Bits {
        Bits(left.count + right.count)
    }
}
