import Compression
import Exploration

extension PlanSearch {
    /// Option tables with the exact answer over them.
    struct Round {
        var tables: OptionTables
        var problem: ChoiceProblem
        var certificate: Certificate?
    }

    /// The whole networks worth judging, or why there are none.
    struct Shortlist {
        var finalists: [Finalist] = []
        var rounds: [Round] = []
        var executions = 0
        var conflict: Conflict?
    }

    /// How often tables are made: around the uncompressed network, then around the best network found so far.
    private static let tableRounds = 4
    /// How often limits are tightened by what whole networks cost beyond the tables' sum.
    private static let tighteningRounds = 8
    /// How many limits are tried between the uncompressed cost and nothing when a cost is minimized.
    private static let steps: Int64 = 24

    /// Candidates that keep the budgets as whole networks, those with the least executed damage first.
    ///
    /// Neither damages nor costs of layers add up exactly, so tables are made again around the best network found, or
    /// around the one nearest to the budgets while none keeps them, until no better one turns up.
    func shortlist() throws -> Shortlist {
        var shortlist = Shortlist()
        var center = evaluator.baseline
        var menu = evaluator.menu(of: request.space)
        var pool: [Finalist] = []
        for round in 0..<PlanSearch.tableRounds {
            let (made, executions) = try prober.tables(around: center, menu: menu)
            progress(.solving)
            let problem = try made.problem(limits: limits)
            let answer = ExactSolver().solve(problem)
            shortlist.executions += executions
            shortlist.rounds.append(Round(tables: made, problem: problem, certificate: answer.certificate))
            if round == 0 { menu = made.undominatedMenu }
            guard answer.solution != nil else {
                if pool.isEmpty { shortlist.conflict = try conflict(of: problem, tables: made, round: round) }
                break
            }
            let suggested = suggestion(tables: made, problem: problem)
            let found = suggested.keeping.filter { new in !pool.contains { $0.candidate == new.candidate } }
            pool += try found.map { try probed($0, round: round) }
            shortlist.executions += found.count
            guard let next = next(pool, suggested, round: round), next != center else {
                if pool.isEmpty { shortlist.conflict = interaction(suggested.nearest) }
                break
            }
            center = next
            if pool.isEmpty, round + 1 == PlanSearch.tableRounds {
                shortlist.conflict = interaction(suggested.nearest)
            }
        }
        let isCost = OptionTables.Resource.allCases.contains { $0.quantity == request.minimized }
        shortlist.finalists = isCost ? pool : Array(pool.sorted(by: hasLessDamage).prefix(request.finalists))
        return shortlist
    }

    /// Where tables are made next; nil when this round found nothing better.
    private func next(_ pool: [Finalist], _ suggested: Suggestion, round: Int) -> Candidate? {
        guard let best = pool.min(by: hasLessDamage) else { return suggested.nearest?.candidate }
        return best.round == round ? best.candidate : nil
    }

    private var prober: OptionProber {
        OptionProber(
            evaluator: evaluator, costing: costing, probes: probes, threads: request.threads,
            progress: { progress(.probing(done: $0, of: $1)) })
    }

    private func probed(_ finalist: Finalist, round: Int) throws -> Finalist {
        var finalist = finalist
        finalist.round = round
        finalist.damage = try probes.damage(of: finalist.compressed.network, threads: request.threads)
        return finalist
    }

    private func hasLessDamage(_ left: Finalist, _ right: Finalist) -> Bool {
        let (first, second) = (left.damage ?? .max, right.damage ?? .max)
        return first == second ? left.cost.cycles < right.cost.cycles : first < second
    }

    /// Whole networks that the tables suggest.
    private struct Suggestion {
        /// Those that keep the budgets.
        var keeping: [Finalist] = []
        /// The one that exceeds the budgets least, where none keeps them.
        var nearest: Finalist?
    }

    private func suggestion(tables: OptionTables, problem: ChoiceProblem) -> Suggestion {
        let resource = OptionTables.Resource.allCases.first { $0.quantity == request.minimized }
        if let resource {
            let found = front(over: resource, tables: tables, problem: problem)
            if !found.isEmpty { return Suggestion(keeping: found) }
        }
        return tightening(tables: tables, problem: problem)
    }

    /// The best choices whose whole networks keep the budgets, tightening the tables' limits until some do.
    private func tightening(tables: OptionTables, problem: ChoiceProblem) -> Suggestion {
        let solver = ExactSolver()
        var suggestion = Suggestion()
        var tightened = problem
        for _ in 0..<PlanSearch.tighteningRounds {
            let ranked = solver.best(request.finalists, of: tightened)
            let wholes = ranked.solutions.compactMap { accepted($0.choice, of: tables) }
            suggestion.keeping = wholes.filter(keepsLimits)
            guard suggestion.keeping.isEmpty, let first = wholes.first else { break }
            let nearest = ([suggestion.nearest].compactMap { $0 } + wholes).min { excess($0) < excess($1) }
            suggestion.nearest = nearest
            tightened = self.tightened(tightened, by: first, of: problem)
        }
        return suggestion
    }

    /// By how much a whole network exceeds the limits, each relative to its limit, summed; memories count as one.
    private func excess(_ finalist: Finalist) -> Double {
        OptionTables.Resource.allCases.reduce(finalist.shortages.isEmpty ? 0 : 1) { sum, resource in
            guard let limit = limits[resource], let amount = finalist.amount(of: resource.quantity) else { return sum }
            return sum + max(0, Double(amount) / Double(max(limit, 1)) - 1)
        }
    }

    /// One choice for each of a ladder of limits on the minimized cost.
    private func front(
        over resource: OptionTables.Resource, tables: OptionTables, problem: ChoiceProblem
    ) -> [Finalist] {
        let solver = ExactSolver()
        let base = tables.baseline.amount(of: resource)
        var finalists: [Finalist] = []
        var seen = Set<[Int]>()
        for step in 0..<PlanSearch.steps {
            let rung = base - base / PlanSearch.steps * step - base % PlanSearch.steps * step / PlanSearch.steps
            let limit = min(rung, limits[resource] ?? rung)
            let answer = solver.solve(problem.withLimit(limit, ofBudget: resource.rawValue))
            guard let solution = answer.solution else { break }
            guard seen.insert(solution.choice).inserted else { continue }
            guard let finalist = accepted(solution.choice, of: tables), keepsLimits(finalist) else { continue }
            finalists.append(finalist)
        }
        return finalists
    }

    /// The whole network of a choice, or nil when its options do not go together or the device refuses it.
    private func accepted(_ choice: [Int], of tables: OptionTables) -> Finalist? {
        try? whole(tables.candidate(choice), choice: choice)
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
