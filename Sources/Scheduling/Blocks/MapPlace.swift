/// A feature map where it lies: the memory, and whether rows follow each other or bricks of 16 channels do.
public struct MapPlace: Sendable, Hashable {
    public var port: MemoryPort
    public var isLinear: Bool

    public init(_ port: MemoryPort, isLinear: Bool) {
        self.port = port
        self.isLinear = isLinear
    }

    /// Bytes of time that a transfer takes its port: short bursts count as whole ones.
    func burstBytes(
        of elements: Int, bits: Int, block: BlockShape, shape: BlockShape, isRead: Bool, cores: Int
    ) -> Int {
        let slice = block.width * block.depth * bits
        let burstBits: Int
        switch (isLinear, isRead) {
        case (false, true):
            burstBits = shape.width * bits * 2 == block.depth ? slice : 16 * bits * block.width
        case (false, false):
            burstBits = shape.width * bits * 2 == block.depth ? slice : 16 * bits * block.width * cores
        case (true, true):
            burstBits = shape.depth * bits / 8 == block.depth ? slice : block.depth * bits
        case (true, false):
            let packs = block.depth <= 16 && shape.depth * bits / 8 == block.depth
            burstBits = packs ? slice : min(64 * 8, 16 * bits * cores, block.depth * bits)
        }
        let length = max(1, min(port.burst, burstBits / 8))
        return Int(min(Int128(elements) * Int128(bits) / 8 * Int128(port.burst) / Int128(length), BlockShape.most))
    }

    /// Elements of a map in memory: bricks are whole.
    public func stored(_ shape: BlockShape) -> BlockShape {
        isLinear ? shape : BlockShape(shape.height, shape.width, roundedUp(shape.depth, to: 16))
    }
}
