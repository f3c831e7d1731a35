import Reporting

/// What a command found out.
struct CommandResult: Sendable {
    var report: any Report
    /// `done`, or `cannotBeDone` or `badInput` when the report itself tells why.
    var status: ExitStatus = .done
    /// Remarks for the standard error output, a line each.
    var remarks: [String] = []
}

/// What a process leaves behind: its exit status and what it writes to the two outputs.
public struct CommandOutcome: Sendable, Equatable {
    public var status: ExitStatus
    public var output: String
    public var errors: String

    public init(status: ExitStatus, output: String = "", errors: String = "") {
        self.status = status
        self.output = output
        self.errors = errors
    }
}
