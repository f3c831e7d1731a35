import Hardware
import Scheduling

/// The time of one step with its memories: the slower of the engine and of each port, all transfers overlapped.
struct StepCost {
    var cycles = CycleBreakdown()
    /// Cycles under which the next step's first weights can move.
    var slack = 0
    /// Bytes of staging memory that the weights take.
    var stagedBytes = 0

    init(
        _ question: BufferingQuestion, _ places: BlockTiming.Places, _ buffering: WeightBuffering?
    ) {
        let (step, memories, timing) = (question.step, question.memories, question.timing)
        var places = places
        if step.operation.hasWeights { places.constants = buffering == nil ? memories.constants : memories.staging }
        let run = timing.cycles(step.operation, step.blocks, places)
        var engine = run.total
        if let buffering {
            let first = max(buffering.firstTransfer - question.slack.cycles, 0)
            engine = max(buffering.transfer - question.slack.cycles + buffering.lastSlice, engine + first)
            slack = buffering.lastSlice
            stagedBytes = buffering.bytes
        } else {
            slack = timing.cycles(step.operation, step.blocks, question.places).total
        }
        if step.operation.tableBytes > 0 {
            let table = max(
                memories.constants.cycles(of: step.operation.tableBytes) + memories.constants.readLatency,
                step.operation.tableBytes)
            engine += buffering == nil ? max(table - question.slack.cycles, 0) : table
        }
        var ports = PortLoads()
        ports.add(
            BlockTraffic(step.operation, step.blocks, places, on: timing.engine), step, places, memories, buffering)
        cycles[.multiplication] = run.multiplication
        cycles[step.operation.unit == .elementwise ? .elementStream : .requantization] = run.output
        cycles[.overhead] = run.overhead
        cycles[.weightFetch] = engine - run.total
        let slowest = ports.slowest
        if slowest.cycles > engine {
            cycles[slowest.isWeights ? .weightFetch : .activationFetch] += slowest.cycles - engine
        }
        if step.operation.repeats > 1 {
            for cause in CycleCause.allCases {
                cycles[cause] = boundedProduct(cycles[cause], step.operation.repeats)
            }
        }
    }
}

/// Bytes through each of the three memories, maps and constants apart.
private struct PortLoads {
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
