/// A list of places among an operator's attributes that the device must hold beside the constants.
public struct StoredList: Sendable, Hashable {
    public var count: Int
    /// Bits of one place.
    public var width: Int

    /// - Parameter largest: the largest place; each takes the bits that this one needs, at least one.
    public init(count: Int, largest: Int) {
        self.count = count
        width = max(Int.bitWidth - largest.leadingZeroBitCount, 1)
    }

    public var bits: Int { count * width }
}
