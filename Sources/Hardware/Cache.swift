public import Quantities

/// A cache between the machine and some of its memories.
public struct Cache: Sendable, Hashable, Codable {
    /// Which accesses pass through it.
    public enum Side: String, Sendable, Hashable, Codable, CaseIterable {
        case instruction
        case data
        case unified
    }

    public var name: String
    public var side: Side
    /// 1 is nearest to the core.
    public var level: Int
    public var size: Bytes
    public var lineSize: Bytes
    /// Associativity; equal to the number of lines for a fully associative cache.
    public var ways: Int
    /// Names of the memories that it stands before.
    public var serves: [String]
    /// Cycles of a hit beyond the load's own cost.
    public var hitLatency: Int

    public init(
        name: String, side: Side, level: Int, size: Bytes, lineSize: Bytes, ways: Int, serves: [String],
        hitLatency: Int
    ) {
        self.name = name
        self.side = side
        self.level = level
        self.size = size
        self.lineSize = lineSize
        self.ways = ways
        self.serves = serves
        self.hitLatency = hitLatency
    }
}
