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

    /// Rows x columns; at most `Int.max`.
    public var area: Int { Int(clamping: Int128(height) * Int128(width)) }

    /// All elements; at most `Int.max`.
    public var elements: Int { Int(clamping: Int128(area) * Int128(depth)) }

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
