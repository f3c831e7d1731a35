import Execution

/// The events of layers with weights as a table, one case on average.
struct EventTable {
    let text: String

    /// - Parameter layers: names of nodes in the order of rows; those without events are left out.
    init(_ events: EventCounts, layers: [String]) {
        let rows = layers.compactMap { name in events.layers[name].map { (name, $0) } }
        guard !rows.isEmpty, events.cases > 0 else {
            text = ""
            return
        }
        var table = TextTable([
            .left("layer"), .right("MACs"), .right("zero weights"), .right("zero inputs"), .right("both"),
            .right("input toggles"), .right("weight toggles"), .right("largest sum"),
        ])
        for (name, layer) in rows {
            func share(_ count: Int) -> String {
                layer.multiplications == 0
                    ? "" : Figures.percentage(Double(count) / Double(layer.multiplications))
            }
            func each(_ count: Int?) -> String { count.map { Figures.grouped($0 / events.cases) } ?? "" }
            table.append([
                name, each(layer.multiplications), share(layer.zeroWeights), share(layer.zeroActivations),
                share(layer.zeroBoth), each(layer.activationToggles), each(layer.weightToggles),
                layer.accumulatorPeak.map { Figures.grouped($0) } ?? "",
            ])
        }
        text = "\nevents of one case on average\n\n" + table.text
    }
}
