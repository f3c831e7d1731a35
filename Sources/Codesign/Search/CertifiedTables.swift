public import Exploration

/// The integer tables that a choice was made over, and the proof of how good the choice is.
public struct CertifiedTables: Sendable, Codable {
    public var schemaVersion = 1
    public var problem: ChoiceProblem
    public var certificate: Certificate

    public init(problem: ChoiceProblem, certificate: Certificate) {
        self.problem = problem
        self.certificate = certificate
    }
}
