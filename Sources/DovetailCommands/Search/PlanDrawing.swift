import Codesign
import Compression
import Deployment
import Estimation
import ExactArithmetic
import Execution

/// What a plan says besides the outcome of the search.
struct PlanDrawing {
    let network: Plan.Attachment
    let cases: Plan.Cases
    let device: String
    let runtime: String?
    let budgets: [String]
    let minimized: BudgetedQuantity

    /// Writes the chosen plan with what belongs to it; nil when the search chose none.
    func write(_ outcome: SearchOutcome, with writer: PlanWriter) throws -> Plan? {
        guard let chosen = outcome.chosen, let certificate = outcome.certificate else { return nil }
        let tables = CertifiedTables(problem: outcome.problem, certificate: certificate)
        return try writer.write(chosen.compressed, tables: tables) { compressed, tables in
            Plan(
                device: device, runtime: runtime, network: network, compressed: compressed, tables: tables,
                cases: cases, budgets: budgets, minimized: minimized.rawValue, status: outcome.status.rawValue,
                recipe: Recipe(steps: chosen.compressed.history.map(\.entry)),
                layers: PlanLayer.layers(of: chosen.compressed, estimate: chosen.estimate),
                predicted: PlanTotals(chosen.estimate), uncompressed: PlanTotals(outcome.uncompressed.estimate),
                accuracy: accuracies(outcome, chosen), memoryMap: MemoryMap(chosen.estimate),
                assumptions: chosen.estimate.assumptions, errorBand: chosen.estimate.errorBand,
                evaluations: outcome.evaluations, spaceSize: outcome.spaceSize.description)
        }
    }

    private func accuracies(_ outcome: SearchOutcome, _ chosen: Finalist) -> Plan.Accuracies? {
        guard let reference = outcome.reference, let before = outcome.uncompressed.accuracy,
            let after = chosen.accuracy, let drop = chosen.drop(against: reference)
        else { return nil }
        return Plan.Accuracies(
            reference: reference, uncompressed: before, plan: after, dropPoints: Double(drop) / 1_000_000)
    }
}
