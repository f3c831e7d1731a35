/// Where each buffer of an arena lies, and how good that is.
public struct ArenaPlan: Sendable, Hashable, Codable {
    /// A buffer with its place.
    public struct Entry: Sendable, Hashable, Codable {
        public var buffer: ArenaProblem.Buffer
        /// Bytes from the start of the arena.
        public var offset: Int

        public init(buffer: ArenaProblem.Buffer, offset: Int) {
            self.buffer = buffer
            self.offset = offset
        }
    }

    /// In the order of the problem's buffers.
    public var entries: [Entry]
    /// Bytes from the start of the arena to the end of the highest buffer.
    public var size: Int
    /// No plan is smaller than this: the most bytes live at once, or the size where a search proved it least.
    public var lowerBound: Int

    public init(entries: [Entry], size: Int, lowerBound: Int) {
        self.entries = entries
        self.size = size
        self.lowerBound = lowerBound
    }

    /// Whether no smaller plan exists.
    public var isOptimal: Bool { size == lowerBound }
}
