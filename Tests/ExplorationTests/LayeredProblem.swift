import Exploration

/// A seeded problem in the likeness of a compressed network: three global budgets and the live memory of every step.
struct LayeredProblem {
    let seed: UInt64
    let groups: Int
    let options: Int
    /// Steps of the schedule; each group is live in two of them.
    let steps: Int

    func problem() throws -> ChoiceProblem {
        var source = SplitMix64(state: seed)
        let tables = (0..<groups).map { group(index: $0, &source) }
        var budgets: [ChoiceProblem.Budget] = []
        var resources: [ChoiceProblem.Resource] = []
        for (index, name) in ["latency", "energy", "flash"].enumerated() {
            let full = tables.reduce(Int64(0)) { $0 + $1.options[0].costs[index].amount }
            budgets.append(.init(name: name, limit: full * 3 / 10))
            resources.append(.init(name: name, budget: index))
        }
        if steps > 0 { budgets.append(.init(name: "ram", limit: 50_000)) }
        resources += (0..<steps).map { .init(name: "step \($0)", budget: 3) }
        return try ChoiceProblem(budgets: budgets, resources: resources, groups: tables)
    }

    private func group(index: Int, _ source: inout SplitMix64) -> ChoiceProblem.Group {
        let work = Int64.random(in: 10_000...1_000_000, using: &source)
        let live = Int64.random(in: 10_000...40_000, using: &source)
        let sensitivity = Int64.random(in: 1...60, using: &source)
        let options = (0..<options).map { option in
            let weightBits = Int64(8 - option % 7)
            let activationBits: Int64 = option / 7 % 2 == 0 ? 8 : 4
            let density = Int64(100 - option / 14 * 25 % 90)
            let loss = (8 - weightBits) * (8 - weightBits) * 40 + (8 - activationBits) * 25 + (100 - density)
            let spread = Int64.random(in: 80...120, using: &source)
            var costs = [
                ChoiceProblem.Cost(resource: 0, amount: work * (2 + weightBits) * density / 1000),
                ChoiceProblem.Cost(resource: 1, amount: work * weightBits * activationBits * density / 640),
                ChoiceProblem.Cost(resource: 2, amount: work * weightBits * density / 8000),
            ]
            if steps > 0 {
                for step in [index % steps, (index + 1) % steps] {
                    costs.append(.init(resource: 3 + step, amount: live * activationBits / 8))
                }
            }
            return ChoiceProblem.Option(damage: loss * sensitivity * spread, costs: costs)
        }
        return ChoiceProblem.Group(name: "layer \(index)", options: options)
    }
}
