import Exploration

extension PlanSearch {
    /// The whole networks worth executing, or why there are none.
    struct Shortlist {
        var finalists: [Finalist] = []
        var certificate: Certificate?
        var conflict: Conflict?
    }

    /// How often limits are tightened by what whole networks cost beyond the tables' sum.
    private static let rounds = 8
    /// How many limits are tried between the uncompressed cost and nothing when a cost is minimized.
    private static let steps: Int64 = 24

    /// Candidates that keep the budgets as whole networks, best by the tables first.
    func shortlist(tables: OptionTables, problem: ChoiceProblem) throws -> Shortlist {
        let solver = ExactSolver()
        let answer = solver.solve(problem)
        guard let best = answer.solution else {
            return Shortlist(certificate: answer.certificate, conflict: conflict(of: problem, answer: answer))
        }
        let resource = OptionTables.Resource.allCases.first { $0.quantity == request.minimized }
        var shortlist = Shortlist(certificate: answer.certificate)
        if let resource {
            shortlist.finalists = try front(over: resource, tables: tables, problem: problem)
        } else {
            shortlist.finalists = try kept(tables: tables, problem: problem)
        }
        if shortlist.finalists.isEmpty {
            shortlist.conflict = try interaction(tables: tables, best: best.choice)
        }
        return shortlist
    }

    /// The best choices whose whole networks keep the budgets, tightening the tables' limits until some do.
    private func kept(tables: OptionTables, problem: ChoiceProblem) throws -> [Finalist] {
        let solver = ExactSolver()
        var tightened = problem
        for _ in 0..<PlanSearch.rounds {
            let ranked = solver.best(request.finalists, of: tightened)
            let wholes = try ranked.solutions.map { try whole(tables.candidate($0.choice), choice: $0.choice) }
            let keeping = wholes.filter(keepsLimits)
            guard keeping.isEmpty, let nearest = wholes.first else { return keeping }
            tightened = self.tightened(tightened, by: nearest, of: problem)
        }
        return []
    }

    /// One choice for each of a ladder of limits on the minimized cost.
    private func front(
        over resource: OptionTables.Resource, tables: OptionTables, problem: ChoiceProblem
    ) throws -> [Finalist] {
        let solver = ExactSolver()
        let base = tables.baseline.amount(of: resource)
        var finalists: [Finalist] = []
        var seen = Set<[Int]>()
        for step in 0..<PlanSearch.steps {
            let rung = base - base * step / PlanSearch.steps
            let limit = min(rung, limits[resource] ?? rung)
            let answer = solver.solve(problem.withLimit(limit, ofBudget: resource.rawValue))
            guard let solution = answer.solution else { break }
            guard seen.insert(solution.choice).inserted else { continue }
            let finalist = try whole(tables.candidate(solution.choice), choice: solution.choice)
            if keepsLimits(finalist) { finalists.append(finalist) }
        }
        return finalists
    }

    private func keepsLimits(_ finalist: Finalist) -> Bool {
        finalist.shortages.isEmpty
            && limits.allSatisfy { resource, limit in
                finalist.amount(of: resource.quantity).map { $0 <= limit } ?? true
            }
    }

    /// Limits lowered by what `whole` costs beyond what the tables say of it, where it exceeds the user's limits.
    private func tightened(_ problem: ChoiceProblem, by whole: Finalist, of original: ChoiceProblem) -> ChoiceProblem {
        var result = problem
        guard let choice = whole.choice, let sums = original.usageByBudget(of: choice) else { return problem }
        for resource in OptionTables.Resource.allCases {
            guard let now = problem.budgets[resource.rawValue].limit, let limit = limits[resource],
                let amount = whole.amount(of: resource.quantity), amount > limit
            else { continue }
            let excess = max(amount - (sums[resource.rawValue].map { Int64(clamping: $0) } ?? amount), 1)
            result = result.withLimit(min(now - 1, limit - excess), ofBudget: resource.rawValue)
        }
        return result
    }
}

extension OptionTables {
    /// The candidate that takes option `choice[i]` of layer `i`.
    func candidate(_ choice: [Int]) -> Candidate {
        Candidate(
            assignments: zip(layers, choice).map { layer, option in
                Candidate.Assignment(layer: layer.name, choice: layer.options[option].choice)
            })
    }
}

extension CostVector {
    /// The amount that a budget on `resource` limits.
    func amount(of resource: OptionTables.Resource) -> Int64 {
        switch resource {
        case .latency: cycles
        case .energy: femtojoules
        case .flash: flashBytes
        case .ram: liveBytes.max() ?? 0
        }
    }
}
