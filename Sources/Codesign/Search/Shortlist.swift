import Compression
import Exploration

/// The whole networks worth judging, collected round by round, or why there are none.
///
/// Neither damages nor costs of layers add up exactly. So tables are made again along a way of loosened limits, each time
/// around the best network so far, and then around the best that keeps the limits, or around the one nearest to them
/// while none does, until no better one turns up.
struct Shortlist {
    /// Option tables with the exact answer over them.
    struct Round {
        var tables: OptionTables
        var problem: ChoiceProblem
        var certificate: Certificate?
    }

    private(set) var finalists: [Finalist] = []
    private(set) var rounds: [Round] = []
    /// Networks executed on the calibration cases.
    private(set) var executions = 0
    private(set) var conflict: Conflict?
    /// The whole network that exceeds the limits least, while none keeps them.
    private var nearest: Finalist?
    private let search: PlanSearch

    /// Tables made on the way from the uncompressed cost to the limits.
    private static let approachSteps = 2
    /// Tables made around the best network found, or the one nearest to the limits, at most.
    private static let refinements = 3

    /// Searches for finalists.
    init(of search: PlanSearch) throws {
        self.search = search
        let baseline = search.evaluator.baseline
        let first = try makeTables(around: baseline, menu: search.evaluator.menu(of: search.request.space))
        try take(first)
        guard conflict == nil else { return }
        let menu = first.tables.undominatedMenu
        if search.request.minimized == .accuracyDrop { try approach(from: first, menu: menu) }
        var visited: Set<Candidate> = [baseline]
        for _ in 0..<Shortlist.refinements {
            let next = best?.candidate ?? nearest?.candidate
            guard let next, visited.insert(next).inserted else { break }
            try take(makeTables(around: next, menu: menu))
        }
        if finalists.isEmpty, conflict == nil { conflict = search.interaction(nearest) }
        guard search.request.minimized == .accuracyDrop else { return }
        finalists = Array(finalists.sorted(by: PlanSearch.hasLessDamage).prefix(search.request.finalists))
    }

    private var best: Finalist? {
        finalists.min(by: PlanSearch.hasLessDamage)
    }

    private mutating func makeTables(around center: Candidate, menu: [[LayerChoice]]) throws -> Round {
        let (tables, made) = try search.prober.tables(around: center, menu: menu)
        search.progress(.solving)
        let problem = try tables.problem(limits: search.limits)
        let round = Round(tables: tables, problem: problem, certificate: ExactSolver().solve(problem).certificate)
        rounds.append(round)
        executions += made
        return round
    }

    /// Adds the whole networks that the latest tables suggest within the limits.
    private mutating func take(_ round: Round) throws {
        guard ExactSolver().solve(round.problem).solution != nil else {
            guard finalists.isEmpty else { return }
            conflict = try search.conflict(of: round.problem, tables: round.tables, round: rounds.count - 1)
            return
        }
        conflict = nil
        let suggestion = try search.suggestion(tables: round.tables, limits: search.limits)
        for finalist in suggestion.keeping where !finalists.contains(where: { $0.candidate == finalist.candidate }) {
            finalists.append(try probed(finalist))
        }
        let near = [nearest, suggestion.nearest].compactMap { $0 }
        nearest = near.min { search.excess($0, over: search.limits) < search.excess($1, over: search.limits) }
    }

    private mutating func probed(_ finalist: Finalist) throws -> Finalist {
        executions += 1
        var finalist = finalist
        finalist.round = rounds.count - 1
        let network = finalist.compressed.network
        finalist.damage = try search.probes.damage(of: network, threads: search.request.threads)
        return finalist
    }

    /// Walks from the uncompressed network to the limits in steps small enough for tables to be true.
    private mutating func approach(from first: Round, menu: [[LayerChoice]]) throws {
        var round = first
        for step in 1...Shortlist.approachSteps {
            let limits = search.limits(at: step, of: Shortlist.approachSteps + 1, from: first.tables.baseline)
            let suggestion = try search.suggestion(tables: round.tables, limits: limits)
            let tried = try suggestion.keeping.map { try probed($0) }
            guard let center = tried.min(by: PlanSearch.hasLessDamage) ?? suggestion.nearest else { return }
            round = try makeTables(around: center.candidate, menu: menu)
        }
        try take(round)
    }
}
