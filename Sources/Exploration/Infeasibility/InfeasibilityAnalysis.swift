/// Finds a minimal set of conflicting budgets and the least relaxation of every budget.
///
/// A budget that a family of resources shares is dropped or relaxed as a whole.
public struct InfeasibilityAnalysis: Sendable, Hashable {
    /// The most parts of the space to bound for one question.
    public var nodeLimit: Int
    /// The most elementary operations for one question, counted rather than timed.
    public var workLimit: Int

    /// Makes an analysis with limits on the work for each of its questions.
    public init(nodeLimit: Int = 50_000, workLimit: Int = 500_000_000) {
        self.nodeLimit = max(1, nodeLimit)
        self.workLimit = max(1, workLimit)
    }

    private func oracle(_ problem: ChoiceProblem) -> FeasibilityOracle {
        FeasibilityOracle(problem: problem, searchLimits: SearchLimits(nodes: nodeLimit, work: workLimit))
    }

    /// Explains an infeasible problem; nil when it is feasible or could not be decided within the limit.
    public func analyze(_ problem: ChoiceProblem) -> Infeasibility? {
        let oracle = oracle(problem)
        guard case .infeasible = oracle.choice(within: problem.limits) else { return nil }
        let (conflict, isMinimal) = conflict(problem, oracle)
        let limited = Set(problem.resources.map(\.budget)).filter { problem.budgets[$0].limit != nil }.sorted()
        return Infeasibility(
            conflict: conflict, isMinimal: isMinimal,
            relaxations: limited.map { relaxation(ofBudget: $0, problem, oracle) })
    }

    /// The smallest limit of a budget at which the problem is feasible, the other budgets held.
    public func leastLimit(ofBudget budget: Int, in problem: ChoiceProblem) -> Relaxation {
        relaxation(ofBudget: budget, problem, oracle(problem))
    }

    /// Drops one budget after another as long as the rest conflict.
    private func conflict(_ problem: ChoiceProblem, _ oracle: FeasibilityOracle) -> (budgets: [Int], isMinimal: Bool) {
        var limits = problem.limits
        var conflict: [Int] = []
        var isMinimal = true
        for budget in limits.indices {
            guard let limit = limits[budget] else { continue }
            limits[budget] = nil
            switch oracle.choice(within: limits) {
            case .infeasible: continue
            case .undecided: isMinimal = false
            case .feasible: break
            }
            limits[budget] = limit
            conflict.append(budget)
        }
        return (conflict, isMinimal)
    }

    private func relaxation(
        ofBudget budget: Int, _ problem: ChoiceProblem, _ oracle: FeasibilityOracle
    ) -> Relaxation {
        var limits = problem.limits
        limits[budget] = nil
        switch oracle.choice(within: limits) {
        case .infeasible: return Relaxation(budget: budget, least: nil, isExact: true, solution: nil)
        case .undecided: return Relaxation(budget: budget, least: nil, isExact: false, solution: nil)
        case .feasible(let choice):
            let family = problem.resources.indices.filter { problem.resources[$0].budget == budget }
            guard !family.isEmpty else {
                return Relaxation(budget: budget, least: nil, isExact: true, solution: solution(choice, problem))
            }
            var descent = FamilyDescent(family: family, budget: budget, limits: limits, oracle: oracle, start: choice)
            descent.run()
            return Relaxation(
                budget: budget, least: descent.reached, isExact: descent.isExact,
                solution: solution(descent.choice, problem))
        }
    }

    private func solution(_ choice: [Int], _ problem: ChoiceProblem) -> ChoiceSolution? {
        problem.damage(of: choice).map { ChoiceSolution(choice: choice, damage: $0) }
    }
}

/// Lowers the largest usage of a family of resources to the least that the other budgets allow.
private struct FamilyDescent {
    let family: [Int]
    let budget: Int
    let oracle: FeasibilityOracle
    private(set) var choice: [Int]
    /// The largest usage of the best choice so far.
    private(set) var reached: Int128
    private(set) var isExact = true
    private var limits: [Int128?]
    /// No choice has a lower largest usage.
    private var floor: Int128

    init(family: [Int], budget: Int, limits: [Int128?], oracle: FeasibilityOracle, start: [Int]) {
        self.family = family
        self.budget = budget
        self.limits = limits
        self.oracle = oracle
        choice = start
        reached = FamilyDescent.largest(of: start, family, oracle.problem).usage
        floor = .min
    }

    mutating func run() {
        raiseFloor()
        var isProbing = true
        while floor < reached {
            let middle = isProbing ? floor : floor + (reached - floor) / 2
            isProbing = false
            limits[budget] = middle
            switch oracle.choice(within: limits) {
            case .feasible(let better): take(better)
            case .infeasible: floor = middle + 1
            case .undecided:
                isExact = false
                return
            }
        }
    }

    /// Solves for the resource that is largest now, by itself: its least is a floor for the family.
    private mutating func raiseFloor() {
        floor = family.map { leastPossible(resource: $0) }.max() ?? .min
        var solved: Set<Int> = []
        while floor < reached {
            let bottleneck = FamilyDescent.largest(of: choice, family, oracle.problem).resource
            guard solved.insert(bottleneck).inserted else { return }
            guard let least = oracle.least(resource: bottleneck, within: limits), least.isExact else { return }
            floor = max(floor, least.value)
            take(least.choice)
        }
    }

    private mutating func take(_ other: [Int]) {
        let usage = FamilyDescent.largest(of: other, family, oracle.problem).usage
        if usage < reached {
            reached = usage
            choice = other
        }
    }

    /// The sum of the groups' least amounts.
    private func leastPossible(resource: Int) -> Int128 {
        oracle.problem.groups.reduce(Int128(oracle.problem.resources[resource].base)) { sum, group in
            let amounts = group.options.map { option in
                option.costs.first { $0.resource == resource }?.amount ?? 0
            }
            return sum + Int128(amounts.min() ?? 0)
        }
    }

    private static func largest(
        of choice: [Int], _ family: [Int], _ problem: ChoiceProblem
    ) -> (resource: Int, usage: Int128) {
        let usage = problem.usage(of: choice) ?? []
        let largest = family.max { (usage[$0], $1) < (usage[$1], $0) } ?? family[0]
        return (largest, usage[largest])
    }
}
