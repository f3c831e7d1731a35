import ArgumentParser
import Codesign
import Deployment
import Diagnostics
import Digests
import Exploration
import Foundation
import Reporting

/// `dovetail certify`: checks a plan's certificate by independent code.
struct CertifyCommand: DovetailSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "certify",
        abstract: "Checks the certificate of a plan in exact arithmetic.",
        discussion: """
            The certificate says how far the plan's damage can be from the least that the option tables allow within \
            the budgets. The check shares no code with the search. A certificate that does not hold ends with exit \
            status 2, a compressed network beside the plan that is not the plan's with 65.

            EXAMPLES
              dovetail certify plan.json
              dovetail certify plan.json --format json
            """)

    @Argument(help: ArgumentHelp("The plan.", valueName: "plan.json"))
    var plan: String

    @OptionGroup var output: OutputOptions

    func perform(in surroundings: Surroundings) throws -> CommandResult {
        guard Disk.kind(of: plan) == .file else { throw CommandFailure.missingFile("\(plan): there is no such file") }
        guard let file = try PlanFile(plan) else {
            throw Diagnostics([Diagnostic("this is not a plan", at: SourceLocation(file: plan))])
        }
        guard let attachment = file.plan.tables else {
            throw CommandFailure.cannotBeDone(["\(plan): the plan names no tables"])
        }
        let path = file.place(of: attachment.file)
        let bytes = try Disk.read(path)
        let tables: CertifiedTables
        do {
            tables = try JSONDecoder().decode(CertifiedTables.self, from: bytes)
        } catch {
            throw Diagnostics([Diagnostic("the tables cannot be read: \(error)", at: SourceLocation(file: path))])
        }
        _ = try PlanNetwork().compressedNetwork(plan)
        let report = CertificateReport(
            tables, plan: plan, isNamedByPlan: Digest(of: bytes) == attachment.digest)
        return CommandResult(report: report, status: report.valid ? .done : .cannotBeDone)
    }
}
