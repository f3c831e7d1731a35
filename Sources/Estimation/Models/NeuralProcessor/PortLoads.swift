import Hardware
import Scheduling

/// Bytes through each of the three memories, maps and constants apart.
struct PortLoads {
    private var loads: [(port: MemoryPort, maps: Int, constants: Int)] = []

    init() {
        loads.reserveCapacity(3)
    }

    mutating func add(
        _ traffic: BlockTraffic, _ step: BlockStep, _ places: BlockTiming.Places, _ memories: EngineMemories,
        _ buffering: WeightBuffering?
    ) {
        add(places.input.port, maps: traffic.inputBytes)
        if let second = places.second { add(second.port, maps: traffic.secondBytes) }
        add(places.output.port, maps: traffic.outputBytes)
        guard let stream = step.stream else { return }
        let depth = step.operation.output.depth
        let (weights, reads) = (stream.weightBytes(channels: depth), traffic.weightReads)
        if let buffering {
            let moved = max(0, weights - (buffering.isAhead ? buffering.sizes[0] : 0))
            add(memories.constants, constants: moved)
            add(memories.staging, constants: moved + boundedProduct(weights, reads))
        } else {
            add(memories.constants, constants: boundedProduct(weights, reads))
        }
        add(memories.constants, constants: boundedProduct(stream.scaleBytes(channels: depth), reads))
    }

    private mutating func add(_ port: MemoryPort, maps: Int = 0, constants: Int = 0) {
        if let index = loads.firstIndex(where: { $0.port.index == port.index }) {
            loads[index].maps += maps
            loads[index].constants += constants
        } else {
            loads.append((port, maps, constants))
        }
    }

    /// The port that takes longest, and whether constants are most of what passes it.
    var slowest: (cycles: Int, isWeights: Bool) {
        loads.map { ($0.port.cycles(of: $0.maps + $0.constants), $0.constants > $0.maps) }.max { $0.0 < $1.0 }
            ?? (0, false)
    }
}
