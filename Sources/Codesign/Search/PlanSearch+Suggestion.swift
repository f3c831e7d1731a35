import Exploration

/// Whole networks that option tables suggest.
struct Suggestion {
    /// Those that keep the limits, best by the tables first.
    var keeping: [Finalist] = []
    /// The one that exceeds the limits least, where none keeps them.
    var nearest: Finalist?
}

extension PlanSearch {
    typealias Limits = [OptionTables.Resource: Int64]

    /// How often limits are tightened by what whole networks cost beyond the tables' sum.
    private static let tighteningRounds = 8
    /// How many limits are tried between the uncompressed cost and nothing when a cost is minimized.
    private static let ladderSteps: Int64 = 24

    var prober: OptionProber {
        OptionProber(
            evaluator: evaluator, costing: costing, probes: probes, threads: request.threads,
            progress: { progress(.probing(done: $0, of: $1)) })
    }

    /// Limits part of the way from what `baseline` costs to the budgets; budgets that it keeps hold at once.
    func limits(at step: Int, of steps: Int, from baseline: CostVector) -> Limits {
        Limits(
            uniqueKeysWithValues: limits.map { resource, limit in
                let slack = max(0, baseline.amount(of: resource) - limit)
                let share = Int128(slack) * Int128(steps - step) / Int128(steps)
                return (resource, limit + Int64(clamping: share))
            })
    }

    /// Whole networks within `limits` that the tables suggest.
    func suggestion(tables: OptionTables, limits: Limits) throws -> Suggestion {
        let problem = try tables.problem(limits: limits)
        if let resource = OptionTables.Resource.allCases.first(where: { $0.quantity == request.minimized }) {
            let found = ladder(over: resource, tables: tables, problem: problem, limits: limits)
            if !found.isEmpty { return Suggestion(keeping: found) }
        }
        return tightening(tables: tables, problem: problem, limits: limits)
    }

    /// The best choices whose whole networks keep the limits, tightening the tables' limits until some do.
    private func tightening(tables: OptionTables, problem: ChoiceProblem, limits: Limits) -> Suggestion {
        var suggestion = Suggestion()
        var tightened = problem
        for _ in 0..<PlanSearch.tighteningRounds {
            let ranked = ExactSolver().best(request.finalists, of: tightened)
            let wholes = ranked.solutions.compactMap { accepted($0.choice, of: tables) }
            suggestion.keeping += wholes.filter { keeps($0, limits) }
            guard let first = wholes.first, let next = corrected(tightened, by: first, of: problem, limits: limits)
            else { break }
            let near = [suggestion.nearest].compactMap { $0 } + wholes
            suggestion.nearest = near.min { excess($0, over: limits) < excess($1, over: limits) }
            tightened = next
        }
        return suggestion
    }

    /// One choice for each of a ladder of limits on the minimized cost.
    private func ladder(
        over resource: OptionTables.Resource, tables: OptionTables, problem: ChoiceProblem, limits: Limits
    ) -> [Finalist] {
        let base = tables.baseline.amount(of: resource)
        var finalists: [Finalist] = []
        var seen = Set<[Int]>()
        for step in 0..<PlanSearch.ladderSteps {
            let (whole, part) = base.quotientAndRemainder(dividingBy: PlanSearch.ladderSteps)
            let rung = base - whole * step - part * step / PlanSearch.ladderSteps
            let limit = min(rung, limits[resource] ?? rung)
            let answer = ExactSolver().solve(problem.withLimit(limit, ofBudget: resource.rawValue))
            guard let solution = answer.solution else { break }
            guard seen.insert(solution.choice).inserted else { continue }
            guard let finalist = accepted(solution.choice, of: tables), keeps(finalist, limits) else { continue }
            finalists.append(finalist)
        }
        return finalists
    }

    /// The whole network of a choice, or nil when its options do not go together or the device refuses it.
    private func accepted(_ choice: [Int], of tables: OptionTables) -> Finalist? {
        try? whole(tables.candidate(choice), choice: choice)
    }

    private func keeps(_ finalist: Finalist, _ limits: Limits) -> Bool {
        finalist.shortages.isEmpty
            && limits.allSatisfy { resource, limit in
                finalist.amount(of: resource.quantity).map { $0 <= limit } ?? true
            }
    }

    /// By how much a whole network exceeds the limits, each relative to its limit, summed; memories count as one.
    func excess(_ finalist: Finalist, over limits: Limits) -> Double {
        OptionTables.Resource.allCases.reduce(finalist.shortages.isEmpty ? 0 : 1) { sum, resource in
            guard let limit = limits[resource], let amount = finalist.amount(of: resource.quantity) else { return sum }
            return sum + max(0, Double(amount) / Double(max(limit, 1)) - 1)
        }
    }

    /// Less executed damage, then fewer cycles.
    static func hasLessDamage(_ left: Finalist, _ right: Finalist) -> Bool {
        let (first, second) = (left.damage ?? .max, right.damage ?? .max)
        return first == second ? left.cost.cycles < right.cost.cycles : first < second
    }

    /// The tables' limits moved by how far `whole` costs other than the tables say, where that matters to the limits.
    ///
    /// Limits that it exceeds are lowered; lowered limits that it leaves unused are raised again. Nil when none moves.
    private func corrected(
        _ problem: ChoiceProblem, by whole: Finalist, of original: ChoiceProblem, limits: Limits
    ) -> ChoiceProblem? {
        guard let choice = whole.choice, let sums = original.usageByBudget(of: choice) else { return nil }
        var result = problem
        for resource in OptionTables.Resource.allCases {
            guard let now = problem.budgets[resource.rawValue].limit, let limit = limits[resource],
                let amount = whole.amount(of: resource.quantity)
            else { continue }
            let sum = sums[resource.rawValue].map { Int64(clamping: $0) } ?? amount
            let corrected = min(limit, limit - (amount - sum))
            if amount > limit {
                result = result.withLimit(min(now - 1, corrected), ofBudget: resource.rawValue)
            } else if corrected > now {
                result = result.withLimit(corrected, ofBudget: resource.rawValue)
            }
        }
        return result == problem ? nil : result
    }
}
