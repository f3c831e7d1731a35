/// Buffers that share one block of memory: what an arena planner is asked.
public struct ArenaProblem: Sendable, Hashable, Codable {
    /// A run of bytes that is needed from one layer to another.
    public struct Buffer: Sendable, Hashable, Codable {
        public var name: String
        /// Index of the activation tensor that lies here, or nil for a scratch buffer.
        public var tensor: Int?
        /// Bytes, before rounding to the alignment.
        public var size: Int
        /// The first layer during which the bytes must not be touched by others.
        public var firstLayer: Int
        /// The last such layer.
        public var lastLayer: Int

        public init(name: String, tensor: Int?, size: Int, firstLayer: Int, lastLayer: Int) {
            self.name = name
            self.tensor = tensor
            self.size = size
            self.firstLayer = firstLayer
            self.lastLayer = lastLayer
        }

        /// Whether both are needed during some layer.
        public func isLive(with other: Buffer) -> Bool {
            firstLayer <= other.lastLayer && other.firstLayer <= lastLayer
        }
    }

    public var buffers: [Buffer]
    /// Every offset is a multiple of this many bytes.
    public var alignment: Int

    /// - Precondition: sizes are not negative, lifetimes not empty, the alignment positive.
    public init(buffers: [Buffer], alignment: Int) {
        precondition(alignment > 0, "an alignment is positive")
        precondition(buffers.allSatisfy { $0.size >= 0 && $0.firstLayer <= $0.lastLayer }, "not a buffer")
        self.buffers = buffers
        self.alignment = alignment
    }

    /// The bytes that a buffer takes up: its size rounded up to the alignment.
    public func extent(of buffer: Buffer) -> Int {
        (buffer.size + alignment - 1) / alignment * alignment
    }

    /// Most bytes live during one layer, each buffer rounded to the alignment: no plan needs less.
    public var peakLiveBytes: Int {
        liveSets.reduce(0) { max($0, $1.bytes) }
    }
}
