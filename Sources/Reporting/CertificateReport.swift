public import Codesign
import ExactArithmetic
import Exploration

/// Whether a plan's certificate holds, and how far the plan can be from the best.
public struct CertificateReport: Report {
    public var valid: Bool
    var plan: String
    /// `(damage - bound) / bound` as a decimal number and exactly.
    var gap: Double?
    var exactGap: String?
    var damage: String?
    var bound: String?
    var nodes: Int
    /// Why it does not hold.
    var reason: String?

    /// Verifies the certificate; tables that the plan does not name by digest never hold.
    public init(_ tables: CertifiedTables, plan: String, isNamedByPlan: Bool) {
        let verification = CertificateVerifier().verify(tables.certificate, for: tables.problem)
        self.plan = plan
        valid = verification.valid && isNamedByPlan
        gap = verification.gap?.double
        exactGap = verification.gap.map { "\($0)" }
        damage = tables.certificate.damage.map { "\($0)" }
        bound = tables.certificate.bound.map { "\($0)" }
        nodes = tables.certificate.nodes.count
        reason =
            isNamedByPlan ? verification.reason : "the tables are not those that the plan names: the digest differs"
    }

    public var text: String {
        guard valid else { return "\(plan): the certificate does NOT hold: \(reason ?? "no reason given")\n" }
        let distance = gap.map { $0 == 0 ? "no choice in the tables has less" : "gap \(Figures.percentage($0))" }
        return "\(plan): the certificate holds: damage \(damage ?? "-"), bound \(bound ?? "-"), "
            + "\(distance ?? "the bound is zero"), \(nodes) nodes\n"
    }
}
