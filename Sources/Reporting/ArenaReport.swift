import Workloads

/// How large the arena is, and what is proved of that.
struct ArenaReport: Encodable {
    var bytes: Int
    /// No plan is smaller.
    var lowerBoundBytes: Int
    /// Whether the bound is reached.
    var optimal: Bool

    init(_ plan: ArenaPlan) {
        bytes = plan.size
        lowerBoundBytes = plan.lowerBound
        optimal = plan.isOptimal
    }

    var text: String {
        let size = "\(Figures.grouped(bytes)) bytes"
        if optimal { return "\(size), the least possible" }
        let share = Double(bytes - lowerBoundBytes) / Double(max(1, lowerBoundBytes))
        return "\(size); no plan is below \(Figures.grouped(lowerBoundBytes)), \(Figures.percentage(share)) less"
    }
}

extension ArenaPlan {
    /// Bytes of working memory by the place of the layer that needs them.
    var scratch: [Int: Int] {
        entries.reduce(into: [:]) { scratch, entry in
            if entry.buffer.tensor == nil { scratch[entry.buffer.firstLayer, default: 0] += entry.buffer.size }
        }
    }
}
