import Compression
import Diagnostics
import Estimation
import ExactArithmetic
import Execution
import Exploration
import Hardware

/// The search: tables by probing single layers, an exact choice under the budgets, execution of the best few.
public struct PlanSearch: Sendable {
    let request: SearchRequest
    let evaluator: Evaluator
    let costing: Costing
    let probes: ProbeSet
    let jury: Jury
    let progress: @Sendable (SearchProgress) -> Void
    /// The budgets in the integers of the tables, and what the device's memories hold where the network needs more.
    private(set) var limits: [OptionTables.Resource: Int64] = [:]

    public init(
        request: SearchRequest, evaluator: Evaluator, costing: Costing, probes: ProbeSet, jury: Jury,
        progress: @escaping @Sendable (SearchProgress) -> Void = { _ in }
    ) {
        self.request = request
        self.evaluator = evaluator
        self.costing = costing
        self.probes = probes
        self.jury = jury
        self.progress = progress
        for resource in OptionTables.Resource.allCases {
            guard let limit = request.limit(on: resource.quantity) else { continue }
            limits[resource] = resource == .latency ? costing.cycles(inPicoseconds: limit) : limit
        }
    }

    /// Searches; the same inputs give the same outcome whatever the number of threads.
    ///
    /// - Throws: `Diagnostics` when the network cannot be made integer; `EstimateRefusal` when the device cannot run it.
    public func run() throws -> SearchOutcome {
        let uncompressed = try whole(evaluator.baseline, choice: nil)
        let asksForEnergy = request.minimized == .energy || limits[.energy] != nil
        guard !asksForEnergy || uncompressed.estimate.totals.energyFemtojoules != nil else {
            throw EstimateRefusal.noEnergy(device: costing.device.name)
        }
        var search = self
        search.limits.merge(uncompressed.capacities) { min($0, $1) }
        var outcome = try search.run(beside: uncompressed)
        if !uncompressed.shortages.isEmpty {
            outcome.conflict?.basis += "; of the uncompressed network " + uncompressed.shortages.joined(separator: "; ")
        }
        return outcome
    }

    private func run(beside uncompressed: Finalist) throws -> SearchOutcome {
        let shortlist = try Shortlist(of: self)
        let finalists = try shortlist.finalists.enumerated().map { index, finalist in
            progress(.executing(done: index, of: shortlist.finalists.count))
            return try judged(finalist)
        }
        var uncompressed = try judged(uncompressed)
        uncompressed.damage = try probes.damage(of: uncompressed.compressed.network, threads: request.threads)
        let reference = try jury.accuracy(of: evaluator.network, threads: request.threads)
        let first = shortlist.rounds[0]
        var outcome = SearchOutcome(
            status: .infeasible, chosen: nil, finalists: finalists, uncompressed: uncompressed, reference: reference,
            tables: first.tables, problem: first.problem, certificate: first.certificate,
            conflict: shortlist.conflict, evaluations: shortlist.executions + finalists.count + 2,
            spaceSize: first.problem.spaceSize)
        if outcome.conflict == nil { choose(in: &outcome, rounds: shortlist.rounds) }
        return outcome
    }

    /// Compresses and costs a whole candidate.
    func whole(_ candidate: Candidate, choice: [Int]?) throws -> Finalist {
        let compressed = try evaluator.compress(candidate)
        let costed = try costing.cost(of: compressed).get()
        return Finalist(
            candidate: candidate, choice: choice, compressed: compressed, estimate: costed.estimate,
            cost: costed.vector, shortages: costed.shortages)
    }

    /// Executes a finalist on the evaluation cases.
    private func judged(_ finalist: Finalist) throws -> Finalist {
        var finalist = finalist
        let network = finalist.compressed.network
        finalist.accuracy = try jury.accuracy(of: network, threads: request.threads)
        return finalist
    }

    private func choose(in outcome: inout SearchOutcome, rounds: [Shortlist.Round]) {
        let admissible = outcome.finalists.filter { keepsAccuracy($0, reference: outcome.reference) }
        guard let chosen = admissible.min(by: isBetter) else {
            outcome.conflict = accuracyConflict(outcome)
            return
        }
        let round = rounds[chosen.round]
        outcome.chosen = chosen
        (outcome.tables, outcome.problem) = (round.tables, round.problem)
        outcome.certificate = chosen.choice.flatMap { round.certificate?.claiming($0, of: round.problem) }
        let isBest = outcome.certificate.map { $0.damage != nil && $0.bound == $0.damage } ?? false
        outcome.status = isBest && chosen.round == 0 ? .optimal : .feasible
    }

    private func keepsAccuracy(_ finalist: Finalist, reference: Accuracy?) -> Bool {
        guard let limit = request.limit(on: .accuracyDrop) else { return true }
        guard let reference, let drop = finalist.drop(against: reference) else { return false }
        return drop <= limit
    }

    /// Better by what is minimized; ties go to accuracy, then damage, then cycles.
    private func isBetter(_ left: Finalist, _ right: Finalist) -> Bool {
        func key(_ finalist: Finalist) -> [Int64] {
            let wrong = Int64(-(finalist.accuracy?.correct ?? 0))
            let objective = finalist.amount(of: request.minimized) ?? wrong
            return [objective, wrong, finalist.damage ?? 0, finalist.cost.cycles]
        }
        return key(left).lexicographicallyPrecedes(key(right))
    }

    private func accuracyConflict(_ outcome: SearchOutcome) -> Conflict {
        let drops = outcome.reference.map { reference in outcome.finalists.compactMap { $0.drop(against: reference) } }
        let relaxation = Conflict.Relaxation(
            quantity: .accuracyDrop, limit: request.limit(on: .accuracyDrop), least: nil, isExact: false,
            achieved: drops?.min())
        let others = request.budgets.map(\.quantity).filter { $0 != .accuracyDrop }
        return Conflict(
            quantities: Array(Set(others)).sorted { $0.rawValue < $1.rawValue } + [.accuracyDrop],
            relaxations: [relaxation],
            basis: "the \(outcome.finalists.count) best candidates by the tables were executed; none keeps the accuracy"
        )
    }
}
