import ArgumentParser
import Diagnostics
import Foundation
import Reporting

/// The whole program as a function from arguments to what the process leaves behind.
public struct DovetailProgram: Sendable {
    private let surroundings: Surroundings

    public init(in surroundings: Surroundings) {
        self.surroundings = surroundings
    }

    /// Runs the command that `arguments` (without the program's name) ask for.
    public func run(_ arguments: [String]) -> CommandOutcome {
        do {
            var command = try Dovetail.parseAsRoot(arguments)
            if let command = command as? any DovetailSubcommand { return run(command) }
            try command.run()
            return CommandOutcome(status: .done)
        } catch {
            return outcome(ofParsing: error, isJSON: Self.asksForJSON(arguments))
        }
    }

    private func run(_ command: any DovetailSubcommand) -> CommandOutcome {
        let isJSON = command.output.format == .json
        do {
            let result = try command.perform(in: surroundings)
            let output = isJSON ? String(decoding: try result.report.json(), as: UTF8.self) : result.report.text
            return CommandOutcome(
                status: result.status, output: output, errors: result.remarks.map { $0 + "\n" }.joined())
        } catch let findings as Diagnostics {
            return Self.outcome(of: findings, isJSON: isJSON)
        } catch let finding as Diagnostic {
            return Self.outcome(of: Diagnostics([finding]), isJSON: isJSON)
        } catch let findings as SourcedFindings {
            return Self.outcome(of: findings.findings, sources: findings.sources, isJSON: isJSON)
        } catch let failure as CommandFailure {
            return Self.outcome(failure.status, failure.reasons, isJSON: isJSON)
        } catch {
            return Self.outcome(.ownFault, ["this is a fault of dovetail: \(error)"], isJSON: isJSON)
        }
    }

    /// Help and version are results; everything else that parsing throws is wrong usage.
    private func outcome(ofParsing error: any Error, isJSON: Bool) -> CommandOutcome {
        let message = Dovetail.fullMessage(for: error)
        if Dovetail.exitCode(for: error).isSuccess {
            return CommandOutcome(status: .done, output: message + "\n")
        }
        var outcome = Self.outcome(.wrongUsage, [Dovetail.message(for: error)], isJSON: isJSON)
        outcome.errors = message + "\n"
        return outcome
    }

    private static func outcome(_ status: ExitStatus, _ reasons: [String], isJSON: Bool) -> CommandOutcome {
        outcome(status, FailureReport(status: status.name, exitStatus: Int(status.rawValue), reasons: reasons), isJSON)
    }

    private static func outcome(_ status: ExitStatus, _ report: FailureReport, _ isJSON: Bool) -> CommandOutcome {
        let json = isJSON ? (try? report.json()).map { String(decoding: $0, as: UTF8.self) } : nil
        return CommandOutcome(
            status: status, output: json ?? "", errors: report.reasons.map { "error: \($0)\n" }.joined())
    }

    private static func outcome(
        of findings: Diagnostics, sources: [String: String] = [:], isJSON: Bool
    ) -> CommandOutcome {
        let sorted = findings.sorted()
        let report = FailureReport(
            status: ExitStatus.badInput.name, exitStatus: Int(ExitStatus.badInput.rawValue),
            reasons: sorted.findings.map(\.message), diagnostics: sorted.findings)
        var outcome = outcome(.badInput, report, isJSON)
        outcome.errors = FindingsText.render(sorted, sources: sources) + "\n"
        return outcome
    }

    private static func asksForJSON(_ arguments: [String]) -> Bool {
        arguments.contains("--format=json")
            || zip(arguments, arguments.dropFirst()).contains { $0 == ("--format", "json") }
    }
}
