import Hardware
import Quantities
import Scheduling

/// The way from a core to one memory: its data caches and the price of a line that none of them holds.
///
/// Lines are counted by exact reuse over the kernel's loops under least-recently-used replacement: weights by the sets of
/// a cache, inputs as if they filled its sets evenly; stores are taken to drain through a write buffer.
struct MemoryPath: Sendable {
    /// A cache, nearest to the core first.
    struct Level: Sendable {
        var name: String
        var lines: Int
        var ways: Int
        var lineBytes: Int
        var hitLatency: Int
    }

    let memory: Memory
    let levels: [Level]
    /// Cycles to fill one line of the last level (or of the memory's own line buffer).
    let fillCycles: Double
    let fillBytes: Int

    init(_ memory: Memory, device: Device) {
        self.memory = memory
        levels = device.caches
            .filter { $0.side != .instruction && $0.serves.contains(memory.name) && $0.lineSize.count > 0 }
            .sorted { $0.level < $1.level }
            .map { cache in
                Level(
                    name: cache.name, lines: cache.size.count / cache.lineSize.count,
                    ways: cache.ways, lineBytes: cache.lineSize.count,
                    hitLatency: cache.hitLatency)
            }
        let accessBytes = max(1, memory.lineSize.count)
        fillBytes = levels.last?.lineBytes ?? accessBytes
        let accesses = (fillBytes + accessBytes - 1) / accessBytes
        let waits = Double(accesses * memory.waitStates + accesses - 1)
        if let rate = memory.bandwidth?.bytesPerCycle(at: device.clock), rate > 0 {
            fillCycles = memory.prefetch ? Double(fillBytes) / rate : max(waits, Double(fillBytes) / rate)
        } else {
            fillCycles = waits
        }
    }

    /// Whether both paths pass through the same nearest cache.
    func shares(with other: MemoryPath) -> Bool {
        levels.first.map { level in other.levels.contains { $0.name == level.name } } ?? false
    }

    /// The memory's own buffer of one line, for a way without caches.
    private var lineBuffer: Level {
        Level(name: memory.name, lines: 1, ways: 1, lineBytes: fillBytes, hitLatency: 0)
    }

    /// Lines of one operand on their way to the core.
    struct Traffic {
        /// Cycles of hits in the caches behind the nearest one; of the busiest cache where transfers overlap.
        var hitCycles: Double
        /// Cycles in which the memory delivers lines, one after the other.
        var fillCycles: Double
        /// Bytes that the memory delivers.
        var bytes: Int
    }

    /// Lines fetched at each level and from the memory.
    ///
    /// - Parameter fetches: lines that a cache fetches, and whether it is the last.
    func traffic(fetches: (_ cache: Level, _ isLast: Bool) -> Int) -> Traffic {
        guard let first = levels.first else {
            let lines = fetches(lineBuffer, false)
            return Traffic(
                hitCycles: 0, fillCycles: Double(lines) * fillCycles, bytes: EnergyBreakdown.product(lines, fillBytes))
        }
        var lines = fetches(first, levels.count == 1)
        var hits = 0.0
        for (index, level) in levels.enumerated().dropFirst() {
            let cycles = Double(lines) * Double(level.hitLatency)
            hits = memory.prefetch ? max(hits, cycles) : hits + cycles
            lines = min(lines, fetches(level, index == levels.count - 1))
        }
        return Traffic(
            hitCycles: hits, fillCycles: Double(lines) * fillCycles, bytes: EnergyBreakdown.product(lines, fillBytes))
    }

    /// Lines of output that the last cache writes back into a memory of stated bandwidth; none where stores drain unseen.
    func writeBacks(_ nest: OperandNest) -> Int {
        guard memory.bandwidth != nil, memory.prefetch, let last = levels.last else { return 0 }
        return nest.outputWriteBacks(lines: last.lines, lineBytes: last.lineBytes)
    }

    /// Cycles that the core waits for bytes that it reads once, from the first to the last.
    ///
    /// - Parameter busyCycles: cycles of computation behind which a prefetching memory hides its waits.
    func streamStall(bytes: Int, busyCycles: Double) -> Double {
        let stream = traffic { cache, _ in
            let size = max(1, cache.lineBytes)
            return bytes / size + (bytes % size > 0 ? 1 : 0)
        }
        let waits = memory.prefetch ? max(0, stream.fillCycles - busyCycles) : stream.fillCycles
        return stream.hitCycles + waits
    }
}
