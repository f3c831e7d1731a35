import Foundation

/// The choice of one rank for each layer that keeps the most energy at no more than a given cost.
///
/// The product over layers of the kept part of the energy is maximized, so that its logarithms add: a multiple-choice knapsack.
/// Costs and values are integers, so that the optimum is a fact.
package struct RankAllocation: Sendable {
    /// One rank that a layer may have.
    package struct Choice: Sendable, Hashable {
        package let rank: Int
        package let cost: Int
        /// The logarithm of the kept part of the energy in billionths; never above 0.
        package let value: Int

        package init(rank: Int, cost: Int, kept: Double) {
            self.rank = rank
            self.cost = cost
            value = Int((max(log(kept), -1e6) * 1e9).rounded())
        }
    }

    /// Of each layer by ascending cost, each choice worth more than the one before.
    package let layers: [[Choice]]
    package let budget: Int

    package init(_ layers: [[Choice]], budget: Int) {
        self.layers = layers.map { choices in
            choices.sorted { ($0.cost, $1.value) < ($1.cost, $0.value) }.reduce(into: []) { kept, choice in
                if choice.value > kept.last?.value ?? .min { kept.append(choice) }
            }
        }
        self.budget = budget
    }

    /// The cost of the cheapest choice of every layer.
    package var leastCost: Int { layers.reduce(0) { $0 + ($1.first?.cost ?? 0) } }

    package func value(of places: [Int]) -> Int { zip(layers, places).reduce(0) { $0 + $1.0[$1.1].value } }

    package func cost(of places: [Int]) -> Int { zip(layers, places).reduce(0) { $0 + $1.0[$1.1].cost } }

    /// From the dearest choices down, always the step that loses the least part of its layer's energy for its cost; nil when
    /// the cheapest choices cost too much.
    package func greedy() -> [Int]? {
        var places = layers.map { $0.count - 1 }
        var cost = cost(of: places)
        while cost > budget {
            var best: (layer: Int, loss: Double)?
            for (layer, place) in places.enumerated() where place > 0 {
                let (from, to) = (layers[layer][place], layers[layer][place - 1])
                let loss = -expm1(Double(to.value - from.value) / 1e9) / Double(from.cost - to.cost)
                if loss < best?.loss ?? .infinity { best = (layer, loss) }
            }
            guard let best else { return nil }
            cost -= layers[best.layer][places[best.layer]].cost
            places[best.layer] -= 1
            cost += layers[best.layer][places[best.layer]].cost
        }
        return places
    }

    /// The best choice of all; nil when the cheapest choices cost too much.
    ///
    /// Layer by layer all sums of choices that no other beats in cost and value, without those that cannot pass the greedy
    /// choice even if the rest of the budget is spent in fractions of steps.
    package func exact() -> [Int]? {
        guard let greedy = greedy() else { return nil }
        let bounds = (0...layers.count).map { FractionalBound(layers[$0...]) }
        var stages: [[PartialChoice]] = [[PartialChoice(cost: 0, value: 0, place: 0, parent: 0)]]
        let known = value(of: greedy)
        for (layer, choices) in layers.enumerated() {
            var sums: [PartialChoice] = []
            for (parent, sum) in stages[layer].enumerated() {
                for (place, choice) in choices.enumerated() {
                    let (cost, value) = (sum.cost + choice.cost, sum.value + choice.value)
                    guard let bound = bounds[layer + 1].bound(budget - cost) else { break }
                    if value + bound > known {
                        sums.append(PartialChoice(cost: cost, value: value, place: place, parent: parent))
                    }
                }
            }
            sums.sort { ($0.cost, $1.value) < ($1.cost, $0.value) }
            stages.append(
                sums.reduce(into: []) { kept, sum in if sum.value > kept.last?.value ?? .min { kept.append(sum) } })
        }
        guard let last = stages.last, var parent = last.indices.last else { return greedy }
        var places: [Int] = []
        for layer in layers.indices.reversed() {
            let sum = stages[layer + 1][parent]
            places.append(sum.place)
            parent = sum.parent
        }
        return places.reversed()
    }
}

/// The sum of one choice of each of the first layers.
private struct PartialChoice {
    let cost: Int
    let value: Int
    let place: Int
    /// The sum before, by place in the stage before.
    let parent: Int
}

/// The most that layers can be worth when steps between choices may be taken in part.
private struct FractionalBound {
    private let least: Int
    /// Cost and value of all steps up to each, best first.
    private var costs = [0]
    private var values: [Double]

    init(_ layers: ArraySlice<[RankAllocation.Choice]>) {
        least = layers.reduce(0) { $0 + ($1.first?.cost ?? 0) }
        values = [layers.reduce(0) { $0 + Double($1.first?.value ?? 0) }]
        let steps = layers.flatMap(FractionalBound.steps).sorted {
            $0.value * Double($1.cost) > $1.value * Double($0.cost)
        }
        for step in steps {
            costs.append(costs[costs.count - 1] + step.cost)
            values.append(values[values.count - 1] + step.value)
        }
    }

    /// The steps along the upper hull of a layer's choices, by falling value for their cost.
    private static func steps(_ choices: [RankAllocation.Choice]) -> [(cost: Int, value: Double)] {
        var hull: [(cost: Int, value: Double)] = []
        for (before, choice) in zip(choices, choices.dropFirst()) {
            var step = (cost: choice.cost - before.cost, value: Double(choice.value - before.value))
            while let last = hull.last, last.value * Double(step.cost) <= step.value * Double(last.cost) {
                step = (step.cost + last.cost, step.value + last.value)
                hull.removeLast()
            }
            hull.append(step)
        }
        return hull
    }

    /// The bound within a budget, rounded up; nil when the cheapest choices cost more.
    func bound(_ budget: Int) -> Int? {
        let room = budget - least
        guard room >= 0 else { return nil }
        var (low, high) = (0, costs.count - 1)
        while low < high {
            let middle = (low + high + 1) / 2
            if costs[middle] <= room { low = middle } else { high = middle - 1 }
        }
        guard low + 1 < costs.count else { return Int(values[low].rounded(.up)) + 1 }
        let part = Double(room - costs[low]) / Double(costs[low + 1] - costs[low])
        return Int((values[low] + part * (values[low + 1] - values[low])).rounded(.up)) + 1
    }
}
