/// Where the elements of a constant operand lie that are not zero, counted from the real elements.
public struct NonzeroStructure: Sendable, Hashable, Codable {
    /// Sizes of the blocks whose fullest is counted.
    public static let blockSizes = [2, 4, 8, 16]

    /// Elements that are not zero of each output channel, over all groups.
    public var perOutput: [Int]
    /// Elements that are not zero of the fullest block, for each of `blockSizes`.
    ///
    /// A block is so many neighbours along the reduction of one output channel, from its first element on.
    public var fullestBlocks: [Int]
    /// Bits set in the magnitudes of all elements; nil for reals.
    public var setBits: Int?

    public init(perOutput: [Int], fullestBlocks: [Int], setBits: Int?) {
        self.perOutput = perOutput
        self.fullestBlocks = fullestBlocks
        self.setBits = setBits
    }

    /// Whether at most `limit` elements of each block of `size` neighbours are not zero; `false` for a size not counted.
    public func keeps(_ limit: Int, inEvery size: Int) -> Bool {
        guard let place = Self.blockSizes.firstIndex(of: size), fullestBlocks.indices.contains(place) else {
            return false
        }
        return fullestBlocks[place] <= limit
    }
}
