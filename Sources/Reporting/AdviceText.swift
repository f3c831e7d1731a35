import Estimation

/// For each layer of most cycles, what binds it and what would shorten it.
struct AdviceText {
    let text: String

    init(_ estimate: Estimate, _ advice: [[Advice]]) {
        let total = max(1, estimate.totals.cycles)
        let told = zip(estimate.layers, advice)
            .filter { layer, advice in
                !advice.isEmpty && Double(layer.cycles.total) >= Self.leastShare * Double(total)
            }
            .sorted { $1.0.cycles.total < $0.0.cycles.total }
            .prefix(Advisor.layers)
        let lines = told.map { layer, advice in
            let share = Figures.percentage(Double(layer.cycles.total) / Double(total), decimals: 0)
            let bound = layer.bound.map { "bound by \($0.text)" } ?? "free"
            return "  \(layer.name) (\(share) of the cycles) is \(bound); \(Self.clause(advice, layer))\n"
        }
        text =
            lines.isEmpty
            ? "\nno change that was tried shortens a layer by 2 %\n"
            : "\nwhat would help, each change alone\n" + lines.joined()
    }

    /// Layers of a smaller share of the cycles are not worth a line.
    private static let leastShare = 0.02

    private static func clause(_ advice: [Advice], _ layer: LayerEstimate) -> String {
        advice.map { advice in
            let share = Double(advice.saving) / Double(max(1, layer.cycles.total))
            return "\(advice.change) -\(Figures.percentage(share, decimals: 0))"
        }.joined(separator: ", ")
    }
}
