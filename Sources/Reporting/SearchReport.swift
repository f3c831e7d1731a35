public import Codesign
public import Deployment
import Estimation
import ExactArithmetic
import Execution
import Exploration

/// What a search found.
public struct SearchReport: Report {
    /// A whole network that was executed.
    public struct Point: Sendable, Encodable {
        var choices: [String: String]
        var latencySeconds: Double
        var energyJoules: Double?
        var ramBytes: Int
        var flashBytes: Int
        var accuracy: Accuracy?
        /// Mean damage on the calibration cases.
        var damage: Double?
        /// Whether no other point is as good in everything and better in something.
        var isOnFront: Bool
    }

    /// How far the chosen plan can be from the tables' best.
    public struct CertificateSummary: Sendable, Encodable {
        /// What the certificate is about.
        var scope: String
        /// Damage of the chosen plan by the tables, and the least that any choice has: exact integers.
        var damage: String?
        var bound: String?
        /// `(damage - bound) / bound`; nil when the bound is 0 and the damage is not.
        var gap: Double?
        /// Whether the independent verifier accepts it.
        var valid: Bool
    }

    var status: String
    var chosen: Point?
    var front: [Point]
    var certificate: CertificateSummary?
    var conflict: ConflictReport?
    var evaluations: Int
    var spaceSize: String
    var seconds: Double
    private let plan: Plan?

    private enum CodingKeys: String, CodingKey {
        case status, chosen, front, certificate, conflict, evaluations, spaceSize, seconds
    }

    public init(_ outcome: SearchOutcome, plan: Plan?, seconds: Double, clockHertz: Int) {
        let executed = [outcome.uncompressed] + outcome.finalists
        let onFront = outcome.executedFront
        func point(_ finalist: Finalist, at place: Int) -> Point {
            Point(finalist, isOnFront: onFront.contains(place))
        }
        status = outcome.status.rawValue
        chosen = outcome.chosen.map { chosen in
            Point(chosen, isOnFront: executed.firstIndex { $0.choice == chosen.choice }.map(onFront.contains) ?? false)
        }
        front = executed.indices.map { point(executed[$0], at: $0) }
        certificate = outcome.certificate.map { CertificateSummary($0, of: outcome.problem) }
        conflict = outcome.conflict.map { ConflictReport($0, clockHertz: clockHertz) }
        evaluations = outcome.evaluations
        spaceSize = outcome.spaceSize.description
        self.seconds = seconds
        self.plan = plan
    }

    public var text: String {
        var lines = [
            "\(status): \(evaluations) networks executed, \(spaceSize) points in the design space, "
                + "\(Figures.decimal(seconds, decimals: 1)) s"
        ]
        if let conflict { lines += conflict.lines }
        if let certificate, chosen != nil { lines.append(certificate.line) }
        if let accuracy = plan?.accuracy { lines.append(SearchReport.line(accuracy)) }
        return lines.joined(separator: "\n") + "\n" + (plan.map { "\n" + PlanTable($0).text } ?? "")
    }
}

extension SearchReport {
    /// What the plan costs in accuracy, in words.
    private static func line(_ accuracy: Plan.Accuracies) -> String {
        let drop = accuracy.dropPoints
        let points = Figures.decimal(abs(drop), decimals: 2)
        let change = drop == 0 ? "stays" : "\(drop > 0 ? "falls" : "rises") by \(points) points"
        return "top-1 \(change) against the network as given"
    }
}

extension SearchReport.Point {
    fileprivate init(_ finalist: Finalist, isOnFront: Bool) {
        let totals = finalist.estimate.totals
        choices = Dictionary(
            finalist.candidate.assignments.map { ($0.layer, $0.choice.description) }, uniquingKeysWith: { $1 })
        latencySeconds = totals.latencySeconds
        energyJoules = totals.energyJoules
        ramBytes = totals.ramBytes
        flashBytes = totals.flashBytes
        accuracy = finalist.accuracy
        damage = finalist.damage.map { Double($0) * 1e-9 }
        self.isOnFront = isOnFront
    }
}

extension SearchReport.CertificateSummary {
    fileprivate init(_ certificate: Certificate, of problem: ChoiceProblem) {
        let verification = CertificateVerifier().verify(certificate, for: problem)
        scope = "sum of single-layer damages in the option tables"
        damage = certificate.damage.map { "\($0)" }
        bound = certificate.bound.map { "\($0)" }
        gap = verification.gap?.double
        valid = verification.valid
    }

    fileprivate var line: String {
        let verdict = valid ? "verified" : "NOT verified"
        let distance =
            switch gap {
            case .some(0): "no choice is better"
            case .some(let gap) where gap <= 1: "at most \(Figures.percentage(gap)) from the best"
            case .some, .none: "damage \(damage ?? "-"), at least \(bound ?? "-") for every choice: a loose bound"
            }
        return "certificate (\(scope)): \(distance), \(verdict)"
    }
}
