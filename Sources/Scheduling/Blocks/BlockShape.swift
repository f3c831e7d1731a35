/// Rows, columns and channels of a feature map or of a block of one.
public struct BlockShape: Sendable, Hashable, Codable {
    public var height: Int
    public var width: Int
    public var depth: Int

    public init(_ height: Int, _ width: Int, _ depth: Int) {
        self.height = height
        self.width = width
        self.depth = depth
    }

    /// The most elements that are told apart.
    static let most = Int128(1) << 50

    /// Rows x columns; at most 2^50.
    public var area: Int { Int(min(Int128(height) * Int128(width), BlockShape.most)) }

    /// All elements; at most 2^50.
    public var elements: Int { Int(min(Int128(area) * Int128(depth), BlockShape.most)) }

    /// The smaller of each extent.
    public func clipped(to other: BlockShape) -> BlockShape {
        BlockShape(min(height, other.height), min(width, other.width), min(depth, other.depth))
    }

    /// How many blocks of another shape cover this one along each extent.
    public func blocks(of other: BlockShape) -> BlockShape {
        BlockShape(
            ceiling(height, max(1, other.height)), ceiling(width, max(1, other.width)),
            ceiling(depth, max(1, other.depth)))
    }
}

/// `value` rounded up to a multiple of `step`.
public func roundedUp(_ value: Int, to step: Int) -> Int {
    ceiling(value, max(1, step)) * max(1, step)
}
