import Networks

extension Interpreter {
    /// As `run(batch:)`, and counts what occurs.
    ///
    /// - Parameter counter: of this interpreter.
    public func run(batch: CaseBatch, counting counter: EventCounter) throws -> CaseBatch {
        try counter.withTally { tally in
            try run(batch: batch) { activations in
                tally.begin(activations, counter)
                for index in prepared.indices {
                    var peak: Int32 = 0
                    let measuresPeak = prepared[index].measuresPeak
                    try withUnsafeMutablePointer(to: &peak) { peak in
                        try execute(index, activations, peak: measuresPeak ? peak : nil)
                    }
                    tally.count(
                        node: index, input: network.nodes[index].inputs.first, peak: measuresPeak ? peak : nil,
                        activations, counter)
                }
            }
        }
    }

    /// What occurs over some cases.
    ///
    /// - Throws: the error of the first case that cannot run.
    public func events(on cases: any Dataset, threads: Int) throws -> EventCounts {
        let counter = EventCounter(self)
        let size = batchCases
        _ = try mapCases((cases.count + size - 1) / size, threads: threads) { batch in
            let range = batch * size..<min((batch + 1) * size, cases.count)
            _ = try run(batch: cases.batch(range), counting: counter)
        }
        return counter.counts
    }
}
