/// A named share of a memory.
public struct MemoryPart: Sendable, Hashable, Codable {
    public var name: String
    public var bytes: Int

    public init(name: String, bytes: Int) {
        self.name = name
        self.bytes = bytes
    }
}

/// A kind of content that found no memory large enough.
public struct Shortage: Error, Sendable, Hashable, Codable {
    /// `activations`, `weights` or `code`.
    public var content: String
    public var neededBytes: Int
    /// The most that a memory for such content has left; 0 when the device has none.
    public var availableBytes: Int
    /// The memory with the most left, if there is one.
    public var memory: String?

    public init(content: String, neededBytes: Int, availableBytes: Int, memory: String?) {
        self.content = content
        self.neededBytes = neededBytes
        self.availableBytes = availableBytes
        self.memory = memory
    }
}
