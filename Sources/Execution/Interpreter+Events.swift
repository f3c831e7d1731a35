import Networks
import Tensors

extension Interpreter {
    /// What `run(batch:counting:into:)` needs; making it looks at every weight.
    public var eventCensus: EventCensus { EventCensus(self) }

    /// As `run(batch:)`, and counts what occurs.
    ///
    /// - Parameter census: of this interpreter.
    public func run(
        batch: CaseBatch, counting census: EventCensus, into counts: inout EventCounts
    ) throws -> CaseBatch {
        counts.cases += batch.count
        return try run(batch: batch) { activations in
            for (id, value) in census.inputs { count(value, id, activations, into: &counts) }
            for index in prepared.indices {
                var peak: Int32 = 0
                let measuresPeak = prepared[index].measuresPeak
                try withUnsafeMutablePointer(to: &peak) { peak in
                    try execute(index, activations, peak: measuresPeak ? peak : nil)
                }
                for (id, value) in census.nodes[index].results { count(value, id, activations, into: &counts) }
                guard let layer = census.nodes[index].layer,
                    let input = activations.start(of: layers[index].node.inputs[0])
                else { continue }
                layer.add(input, cases: batch.count, to: &counts.layers[layer.name, default: LayerEvents()])
                if measuresPeak {
                    let before = counts.layers[layer.name]?.accumulatorPeak ?? 0
                    counts.layers[layer.name]?.accumulatorPeak = max(before, Int(peak))
                }
            }
        }
    }

    private func count(
        _ census: ValueCensus, _ id: ValueID, _ activations: Activations, into counts: inout EventCounts
    ) {
        guard let start = activations.start(of: id) else { return }
        census.add(start, cases: activations.cases, to: &counts.activations[census.name, default: .init()])
    }

    /// What occurs over some cases.
    ///
    /// - Throws: the error of the first case that cannot run.
    public func events(on cases: any Dataset, threads: Int) throws -> EventCounts {
        let census = eventCensus
        let size = batchCases
        let counts = try mapCases((cases.count + size - 1) / size, threads: threads) { batch in
            var counts = EventCounts()
            let range = batch * size..<min((batch + 1) * size, cases.count)
            _ = try run(batch: cases.batch(range), counting: census, into: &counts)
            return counts
        }
        return counts.reduce(into: EventCounts()) { $0.merge($1) }
    }
}
