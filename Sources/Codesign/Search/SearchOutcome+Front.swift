import Estimation
import Execution
import Exploration

extension SearchOutcome {
    /// Places of the points that no other dominates among the uncompressed network (0) and the finalists (from 1).
    public var executedFront: Set<Int> {
        var front = ParetoFront<Int64, Int>()
        for (place, finalist) in ([uncompressed] + finalists).enumerated() {
            let wrong = finalist.accuracy.map { Int64($0.total - $0.correct) } ?? finalist.damage ?? 0
            let cost = finalist.cost
            let memory = Int64(finalist.estimate.totals.ramBytes)
            _ = front.insert([wrong, cost.cycles, cost.femtojoules, memory, cost.flashBytes], place)
        }
        return Set(front.points.map(\.payload))
    }
}
