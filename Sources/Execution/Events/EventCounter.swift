import Networks
import SIMDKernels

/// Counts the events of an interpreter's runs, on any number of threads.
///
/// Counts are integers that only add up, so that they do not depend on how cases were spread over batches and threads.
public final class EventCounter: Sendable {
    let inputs: [(id: ValueID, census: ValueCensus)]
    /// For each node its results and, for a layer with weights, its operands.
    let nodes: [(results: [(id: ValueID, census: ValueCensus)], layer: LayerCensus?)]
    private let tallies = Guarded<[EventTally]>([])

    /// Looks at every weight of the network.
    public init(_ interpreter: Interpreter) {
        let network = interpreter.network
        let level = interpreter.kernels.level ?? dt_level_portable
        let layers = interpreter.layers.map { LayerCensus($0, level: level) }
        let marked = Set(layers.compactMap { layer in layer.flatMap { $0.countsMarks ? $0.input : nil } })
        func census(_ id: ValueID) -> (id: ValueID, census: ValueCensus) {
            (id, ValueCensus(network[id], zerosAreMarked: marked.contains(id), level: level))
        }
        inputs = network.inputs.filter { network[$0].constant == nil }.map(census)
        nodes = zip(interpreter.layers, layers).map { layer, operands in
            (layer.node.outputs.map(census), operands)
        }
    }

    /// What occurred in all runs so far; no run may be under way.
    public var counts: EventCounts {
        tallies.withLock { tallies in
            tallies.reduce(into: EventCounts()) { counts, tally in counts.merge(tally.counts(of: self)) }
        }
    }

    /// Calls `body` with a tally that nothing else uses meanwhile.
    func withTally<Value>(_ body: (inout EventTally) throws -> Value) rethrows -> Value {
        var tally = tallies.withLock { $0.popLast() } ?? EventTally(self)
        defer { tallies.withLock { $0.append(tally) } }
        return try body(&tally)
    }
}
