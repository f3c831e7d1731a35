import Exploration

/// A seeded source of numbers, so that every run draws the same cases.
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

/// Kinds of small problems that every solver must agree on with enumeration.
enum ProblemKind: String, CaseIterable {
    case plain, ties, zeroDamages, negativeCosts, families, conflicts, extremes, tight
}

extension ProblemKind {
    /// Draws a problem of at most about 3000 choices.
    func problem(_ source: inout SplitMix64) throws -> ChoiceProblem {
        let groupCount = Int.random(in: 1...5, using: &source)
        let budgetCount = Int.random(in: 1...3, using: &source)
        var resources = (0..<budgetCount).map { ChoiceProblem.Resource(name: "resource \($0)", budget: $0) }
        let hasFamily = self == .families || self == .conflicts
        if hasFamily {
            resources += (0..<groupCount).map { ChoiceProblem.Resource(name: "step \($0)", budget: budgetCount) }
        }
        for index in resources.indices where Bool.random(using: &source) {
            resources[index].base = Int64.random(in: -5...5, using: &source)
        }
        let groups = (0..<groupCount).map { group in
            let options = (0..<Int.random(in: 1...5, using: &source)).map { _ in
                option(group, groupCount, budgetCount, resources.count, &source)
            }
            return ChoiceProblem.Group(name: "group \(group)", options: options)
        }
        var budgets = (0..<budgetCount).map { ChoiceProblem.Budget(name: "budget \($0)", limit: 0) }
        if hasFamily { budgets.append(ChoiceProblem.Budget(name: "family", limit: 0)) }
        for index in budgets.indices {
            budgets[index].limit = limit(groupCount, &source)
        }
        if self == .conflicts { budgets[budgetCount].limit = Int64.random(in: 12...45, using: &source) }
        return try ChoiceProblem(budgets: budgets, resources: resources, groups: groups)
    }

    private func option(
        _ group: Int, _ groups: Int, _ budgets: Int, _ resources: Int, _ source: inout SplitMix64
    ) -> ChoiceProblem.Option {
        var costs: [ChoiceProblem.Cost] = []
        for resource in 0..<budgets where Int.random(in: 0..<6, using: &source) > 0 {
            costs.append(.init(resource: resource, amount: amount(&source)))
        }
        if self == .families {
            let live = Int64.random(in: 0...20, using: &source)
            for step in Set([group, (group + 1) % groups]).sorted() {
                costs.append(.init(resource: budgets + step, amount: live))
            }
        }
        if self == .conflicts {
            let live: Int64 = [3, 10, 14, 20].randomElement(using: &source) ?? 3
            for step in Set([group, (group + 1) % groups, (group + 2) % groups]).sorted() {
                costs.append(.init(resource: budgets + step, amount: live))
            }
            return ChoiceProblem.Option(damage: 200 - 9 * live + damage(&source), costs: costs)
        }
        return ChoiceProblem.Option(damage: damage(&source), costs: costs.shuffled(using: &source))
    }

    private func damage(_ source: inout SplitMix64) -> Int64 {
        switch self {
        case .plain, .negativeCosts, .families, .conflicts, .tight: Int64.random(in: -10...100, using: &source)
        case .ties: Int64.random(in: 0...2, using: &source)
        case .zeroDamages: 0
        case .extremes: Self.extreme(&source)
        }
    }

    private func amount(_ source: inout SplitMix64) -> Int64 {
        switch self {
        case .plain, .families, .conflicts, .zeroDamages: Int64.random(in: 0...30, using: &source)
        case .ties: Int64.random(in: 0...3, using: &source)
        case .negativeCosts: Int64.random(in: -20...20, using: &source)
        case .tight: Int64.random(in: 1000...1020, using: &source)
        case .extremes: Self.extreme(&source)
        }
    }

    private func limit(_ groups: Int, _ source: inout SplitMix64) -> Int64? {
        guard Int.random(in: 0..<10, using: &source) > 0 else { return nil }
        let scale = Int64(groups)
        switch self {
        case .conflicts: return Int64.random(in: (10 * scale)...(30 * scale), using: &source)
        case .plain, .zeroDamages: return Int64.random(in: 0...(20 * scale), using: &source)
        case .families: return Int64.random(in: 0...(20 * scale), using: &source) / 2
        case .ties: return Int64.random(in: 0...(2 * scale), using: &source)
        case .negativeCosts: return Int64.random(in: (-8 * scale)...(8 * scale), using: &source)
        case .tight: return Int64.random(in: (1003 * scale)...(1012 * scale), using: &source)
        case .extremes: return Self.extreme(&source)
        }
    }

    private static func extreme(_ source: inout SplitMix64) -> Int64 {
        switch Int.random(in: 0..<4, using: &source) {
        case 0: .max - Int64.random(in: 0...2, using: &source)
        case 1: .min + Int64.random(in: 0...2, using: &source)
        case 2: Int64.random(in: -3...3, using: &source)
        default: Int64.random(in: .min ... .max, using: &source)
        }
    }
}

/// Every choice of a problem, by enumeration.
struct Enumeration {
    let problem: ChoiceProblem
    let choices: [[Int]]

    init(_ problem: ChoiceProblem) {
        self.problem = problem
        choices = problem.groups.reduce([[]]) { prefixes, group in
            prefixes.flatMap { prefix in group.options.indices.map { prefix + [$0] } }
        }
    }

    /// The feasible choices' damages in order.
    var damages: [Int128] {
        choices.filter(problem.isFeasible).compactMap(problem.damage(of:)).sorted()
    }

    /// Whether some choice keeps the budgets of the given indices.
    func isFeasible(keeping budgets: Set<Int>) -> Bool {
        usages.contains { usage in budgets.allSatisfy { keeps($0, usage) } }
    }

    /// The least largest usage of a budget's family among the choices that keep all other budgets.
    func leastLimit(of budget: Int) -> Int128? {
        let others = Set(problem.budgets.indices).subtracting([budget])
        return usages.filter { usage in others.allSatisfy { keeps($0, usage) } }.compactMap { $0[budget] }.min()
    }

    private var usages: [[Int128?]] { choices.compactMap(problem.usageByBudget(of:)) }

    private func keeps(_ budget: Int, _ usage: [Int128?]) -> Bool {
        guard let limit = problem.budgets[budget].limit, let amount = usage[budget] else { return true }
        return amount <= Int128(limit)
    }
}
