import Hardware
import Quantities
import Scheduling

/// The way from a core to one memory: its data caches and the price of a line that none of them holds.
///
/// Lines are counted by exact reuse over the kernel's loops under least-recently-used replacement, as if each cache were
/// fully associative; stores are taken to drain through a write buffer.
struct MemoryPath: Sendable {
    /// A cache, nearest to the core first.
    struct Level: Sendable {
        var name: String
        var lines: Int
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
                    name: cache.name, lines: cache.size.count / cache.lineSize.count, lineBytes: cache.lineSize.count,
                    hitLatency: cache.hitLatency)
            }
        let accessBytes = max(1, memory.lineSize.count)
        fillBytes = levels.last?.lineBytes ?? accessBytes
        let accesses = (fillBytes + accessBytes - 1) / accessBytes
        let waits = Double(accesses * memory.waitStates + accesses - 1)
        if let rate = memory.bandwidth?.bytesPerCycle(at: device.clock), rate > 0 {
            fillCycles = max(waits, Double(fillBytes) / rate)
        } else {
            fillCycles = waits
        }
    }

    /// Whether both paths pass through the same nearest cache.
    func shares(with other: MemoryPath) -> Bool {
        levels.first.map { level in other.levels.contains { $0.name == level.name } } ?? false
    }

    /// Lines fetched at each level and from the memory, then the cycles that the core waits for them.
    ///
    /// - Parameter fetches: lines that a cache of so many lines of so many bytes fetches.
    /// - Parameter busyCycles: cycles of computation behind which a prefetching memory hides its waits.
    func stall(busyCycles: Double, fetches: (_ lines: Int, _ lineBytes: Int) -> Int) -> (cycles: Double, bytes: Int) {
        guard let first = levels.first else {
            let lines = fetches(1, fillBytes)
            return (waiting(Double(lines) * fillCycles, busyCycles), lines * fillBytes)
        }
        var lines = fetches(first.lines, first.lineBytes)
        var cycles = 0.0
        for level in levels.dropFirst() {
            cycles += Double(lines * level.hitLatency)
            lines = min(lines, fetches(level.lines, level.lineBytes))
        }
        return (cycles + waiting(Double(lines) * fillCycles, busyCycles), lines * fillBytes)
    }

    /// Cycles that the core waits for bytes that it reads once, from the first to the last.
    func streamStall(bytes: Int, busyCycles: Double) -> Double {
        stall(busyCycles: busyCycles) { _, lineBytes in
            bytes / max(1, lineBytes) + (bytes % max(1, lineBytes) > 0 ? 1 : 0)
        }
        .cycles
    }

    private func waiting(_ cycles: Double, _ busyCycles: Double) -> Double {
        memory.prefetch ? max(0, cycles - busyCycles) : cycles
    }
}
