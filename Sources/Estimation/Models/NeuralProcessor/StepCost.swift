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
