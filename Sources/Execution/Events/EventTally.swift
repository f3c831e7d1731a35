import Networks

/// What one thread has counted so far.
struct EventTally: Sendable {
    private(set) var cases = 0
    private var inputs: [EventCounts.Activation]
    private var results: [[EventCounts.Activation]]
    private var operands: [OperandTally?]
    private var peaks: [Int32?]

    init(_ counter: EventCounter) {
        inputs = counter.inputs.map { _ in .init() }
        results = counter.nodes.map { $0.results.map { _ in .init() } }
        operands = counter.nodes.map { node in node.layer.map(OperandTally.init) }
        peaks = counter.nodes.map { _ in nil }
    }

    /// Counts the inputs of a batch.
    mutating func begin(_ activations: Interpreter.Activations, _ counter: EventCounter) {
        cases += activations.cases
        for (place, value) in counter.inputs.enumerated() {
            guard let start = activations.start(of: value.id) else { continue }
            value.census.add(start, cases: activations.cases, to: &inputs[place])
        }
    }

    /// Counts what a node that has just run met and gave.
    ///
    /// - Parameters:
    ///   - input: of a layer with weights.
    ///   - peak: nil where the node's kernel did not measure it.
    mutating func count(
        node: Int, input: ValueID?, peak: Int32?, _ activations: Interpreter.Activations, _ counter: EventCounter
    ) {
        for (place, value) in counter.nodes[node].results.enumerated() {
            guard let start = activations.start(of: value.id) else { continue }
            value.census.add(start, cases: activations.cases, to: &results[node][place])
        }
        guard let layer = counter.nodes[node].layer, let start = input.flatMap(activations.start) else { return }
        operands[node]?.add(start, cases: activations.cases, layer)
        if let peak { peaks[node] = max(peaks[node] ?? 0, peak) }
    }

    /// The counts by name.
    func counts(of counter: EventCounter) -> EventCounts {
        var counts = EventCounts()
        counts.cases = cases
        var marked: [ValueID: Int] = [:]
        for (node, entry) in counter.nodes.enumerated() {
            guard let layer = entry.layer, var tally = operands[node] else { continue }
            tally.settle(layer)
            if layer.countsMarks { marked[layer.input] = tally.markedZeros }
            counts.layers[layer.name] = layer.events(tally)
            counts.layers[layer.name]?.accumulatorPeak = peaks[node].map(Int.init)
        }
        let values = counter.inputs + counter.nodes.flatMap(\.results)
        for (value, count) in zip(values, inputs + results.flatMap(\.self)) {
            counts.activations[value.census.name] = value.census.completed(count, markedZeros: marked[value.id])
        }
        return counts
    }
}
