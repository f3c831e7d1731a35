import Diagnostics
import Estimation
import Hardware
import Workloads

/// Estimates what was measured, row by row; networks and machines that several rows share are made once.
struct ValidationRun {
    private let boards: MeasuredBoards
    private let shelf: ProfileShelf
    private var workloads: [String: Workload] = [:]
    private var estimators: [MachineChoice: Result<Estimator, EstimateRefusal>] = [:]

    init(_ boards: MeasuredBoards, shelf: ProfileShelf) {
        self.boards = boards
        self.shelf = shelf
    }

    /// The outcomes of all rows, in their order.
    ///
    /// - Throws: `CommandFailure`, `Diagnostics` or `SourcedFindings` when a row names what is not there or is faulty.
    mutating func outcomes(_ progress: ProgressDisplay) throws -> [ValidationOutcome] {
        var outcomes: [ValidationOutcome] = []
        for (suite, rows) in boards.suites {
            for row in rows {
                outcomes.append(try outcome(row, of: suite))
                progress.advance()
            }
        }
        return outcomes
    }

    private mutating func outcome(_ row: MeasuredRow, of suite: String) throws -> ValidationOutcome {
        let workload = try workload(row.network)
        switch try estimator(for: row).flatMap({ $0.estimate(workload) }) {
        case .success(let estimate), .failure(.doesNotFit(_, let estimate)):
            return ValidationOutcome(suite: suite, row: row, estimate: estimate)
        case .failure(let refusal):
            return ValidationOutcome(
                suite: suite, row: row, model: nil, predicted: nil, refusal: refusal.reasons.first)
        }
    }

    private mutating func workload(_ network: String) throws -> Workload {
        if let known = workloads[network] { return known }
        let workload = try boards.workload(network)
        workloads[network] = workload
        return workload
    }

    private mutating func estimator(for row: MeasuredRow) throws -> Result<Estimator, EstimateRefusal> {
        let choice = MachineChoice(device: row.device, runtime: row.runtime, overrides: row.settings)
        if let known = estimators[choice] { return known }
        let device = try choice.resolvedDevice(on: shelf).subject
        let runtime = try choice.resolvedRuntime(for: device, on: shelf)?.subject
        let made = Result { () throws(EstimateRefusal) in try Estimator(device: device, runtime: runtime) }
        estimators[choice] = made
        return made
    }
}
