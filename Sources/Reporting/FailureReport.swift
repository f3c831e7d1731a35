public import Diagnostics

/// Why a command did not do what was asked, for programs; people read the rendered findings.
public struct FailureReport: Report {
    /// `cannotBeDone`, `wrongUsage`, `badInput`, `missingFile` or `ownFault`.
    public var status: String
    /// The exit status of the process.
    public var exitStatus: Int
    public var reasons: [String]
    /// The faults with their places, for a bad input.
    public var diagnostics: [Diagnostic]

    public init(status: String, exitStatus: Int, reasons: [String], diagnostics: [Diagnostic] = []) {
        self.status = status
        self.exitStatus = exitStatus
        self.reasons = reasons
        self.diagnostics = diagnostics
    }

    public var text: String {
        reasons.map { $0 + "\n" }.joined()
    }
}
