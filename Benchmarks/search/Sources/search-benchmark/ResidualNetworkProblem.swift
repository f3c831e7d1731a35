import Exploration
import Foundation

/// A seeded source of numbers, so that every run draws the same tables.
struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var bits = state
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }
}

/// Tables in the likeness of a residual network: weight bits × activation bits × density × rank, 150 options a layer.
///
/// Latency by a roofline, energy, bytes of flash, and the live memory of every step of the schedule.
struct ResidualNetworkProblem: CustomStringConvertible {
    let seed: UInt64
    let layers: Int
    /// How many of latency, energy and flash are limited.
    let budgets: Int
    /// The limit of each, as a share of the uncompressed network's usage.
    let fraction: Double
    /// Whether live memory is limited to 70 % of the uncompressed network's peak.
    let limitsMemory: Bool

    var description: String {
        "\(layers)x150 budgets=\(budgets)\(limitsMemory ? "+ram" : "") fraction=\(fraction) seed=\(seed)"
    }

    func problem() throws -> ChoiceProblem {
        var source = SplitMix64(state: seed)
        let groups = (0..<layers).map { layer($0, &source) }
        var limits: [ChoiceProblem.Budget] = []
        var resources: [ChoiceProblem.Resource] = []
        for (index, name) in ["latency", "energy", "flash"].prefix(budgets).enumerated() {
            let full = groups.reduce(0.0) { $0 + Double($1.options[0].costs[index].amount) }
            limits.append(.init(name: name, limit: Int64(full * fraction)))
            resources.append(.init(name: name, budget: index))
        }
        if limitsMemory {
            let live = groups.map { $0.options[0].costs[budgets].amount }
            let peak = zip(live, live.dropFirst()).map { $0 + $1 }.max() ?? 0
            limits.append(.init(name: "ram", limit: peak * 7 / 10))
            resources += (0...layers).map { .init(name: "step \($0)", budget: budgets) }
        }
        return try ChoiceProblem(budgets: limits, resources: resources, groups: groups)
    }

    private func layer(_ index: Int, _ source: inout SplitMix64) -> ChoiceProblem.Group {
        let depth = Double(index) / Double(layers)
        let macs = Double.random(in: 5e6...2.5e8, using: &source)
        let parameters = Double.random(in: 4e3...6e4, using: &source) * (1 + 30 * depth * depth)
        let live = 8e5 / (1 + 20 * depth) * Double.random(in: 0.5...1.5, using: &source)
        let sensitivity = exp2(Double.random(in: -3...3, using: &source)) * 1e7
        var options: [ChoiceProblem.Option] = []
        for weightBits in [8.0, 6, 4, 3, 2] {
            for activationBits in [8.0, 4] {
                for density in [1.0, 0.75, 0.5, 0.35, 0.2] {
                    for rank in [1.0, 0.6, 0.35] {
                        let work = macs * rank * (density < 1 ? 0.15 + density : 1) * (0.4 + 0.075 * weightBits)
                        let bytes = parameters * rank * (weightBits * density + (density < 1 ? 1 : 0)) / 8
                        let traffic = bytes * 4 + live * activationBits / 8
                        let energy = work * (0.2 + 0.01 * weightBits * activationBits) + traffic * 60
                        let noise = exp2(-2 * (weightBits - 2)) * 1.5 + exp2(2 - activationBits) * 0.4
                        let loss = noise + 0.6 * (1 - density) * (1 - density) + 0.8 * (1 - rank) * (1 - rank)
                        let amounts = [max(work / 16, traffic / 2), energy, bytes].prefix(budgets)
                        var costs = amounts.enumerated().map {
                            ChoiceProblem.Cost(resource: $0.offset, amount: Int64($0.element))
                        }
                        if limitsMemory {
                            let held = Int64(live * activationBits / 8)
                            costs.append(.init(resource: budgets + index, amount: held))
                            costs.append(.init(resource: budgets + index + 1, amount: held))
                        }
                        let spread = Double.random(in: 0.7...1.3, using: &source)
                        options.append(.init(damage: Int64(loss * sensitivity * spread), costs: costs))
                    }
                }
            }
        }
        options[0].damage = 0
        return ChoiceProblem.Group(name: "layer \(index)", options: options)
    }
}
