public import Hardware
public import Quantities

/// A memory as the engine's ports see it, in cycles of the engine's clock.
public struct MemoryPort: Sendable, Hashable {
    /// The memory's place in the device's list.
    public var index: Int
    /// Bytes in each cycle, more than 0.
    public var bytesPerCycle: Float
    public var readLatency: Int
    public var writeLatency: Int
    /// Bytes of the largest burst; shorter ones take as long.
    public var burst: Int

    /// nil for a memory whose rate is zero.
    public init?(_ memory: Memory, index: Int, clock: Frequency) {
        self.index = index
        let width = Double(memory.busWidth.count) / 8
        let rate = memory.bandwidth?.bytesPerCycle(at: clock) ?? width / Double(1 + max(0, memory.waitStates))
        guard rate > 0, rate.isFinite else { return nil }
        bytesPerCycle = Float(rate)
        readLatency = memory.waitStates
        writeLatency = memory.writeWaitStates ?? memory.waitStates
        burst = max(1, memory.lineSize.count)
    }

    /// Whole cycles in which so many bytes pass.
    public func cycles(of bytes: Int) -> Int {
        Int(min(Float(bytes) / bytesPerCycle, 4e15))
    }
}

extension MemoryPort {
    /// Cycles of a transfer from one memory to another.
    public static func transfer(of bytes: Int, from source: MemoryPort, to destination: MemoryPort) -> Int {
        max(
            source.cycles(of: bytes) + source.readLatency, destination.cycles(of: bytes) + destination.writeLatency)
    }
}
