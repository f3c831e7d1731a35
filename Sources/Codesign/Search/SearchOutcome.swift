public import ExactArithmetic
public import Execution
public import Exploration

/// How a search ended, with everything that it found.
public struct SearchOutcome: Sendable {
    public enum Status: String, Sendable, Hashable, Codable {
        /// The chosen plan has the least damage that the option tables allow, proved.
        case optimal
        /// The chosen plan keeps the budgets; how far the tables' optimum may be is in the certificate.
        case feasible
        /// No plan was found; the conflict says why.
        case infeasible
    }

    public var status: Status
    public var chosen: Finalist?
    /// Every whole network executed, in the order of their damage by the tables.
    public var finalists: [Finalist]
    /// The uncompressed integer network, executed on the same cases.
    public var uncompressed: Finalist
    /// Accuracy of the network as given on the evaluation cases; nil without labels.
    public var reference: Accuracy?
    public var tables: OptionTables
    /// The problem that the certificate is about: the tables under the budgets.
    public var problem: ChoiceProblem
    /// A bound on the damage of every choice, tied to the chosen plan.
    public var certificate: Certificate?
    public var conflict: Conflict?
    /// Networks executed: probes of single layers and whole candidates.
    public var evaluations: Int
    /// Points of the design space, exact.
    public var spaceSize: BigInteger
}
