import ArgumentParser
import Diagnostics
import Hardware
import Reporting

/// `dovetail devices check`.
struct DevicesCheck: DovetailSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Checks a profile and reports all its faults at once.",
        discussion: """
            Each fault is reported with its file, line and column, and with a fix where one is known. The profiles \
            that the file extends are checked with it.

            EXAMPLES
              dovetail devices check my-board.yaml
              dovetail devices check HardwareProfiles/boards/nucleo-l4r5zi.yaml --format json
            """)

    @Argument(help: ArgumentHelp("The YAML file.", valueName: "file"))
    var file: String

    @OptionGroup var profiles: ProfileOptions
    @OptionGroup var output: OutputOptions

    func perform(in surroundings: Surroundings) throws -> CommandResult {
        let data = try Disk.read(file)
        let shelf = try profiles.shelf(in: surroundings)
        let findings = shelf.library.check(file: file, data: data)
        guard findings.findings.allSatisfy({ $0.severity == .warning }) else {
            throw SourcedFindings(findings: findings, sources: shelf.library.sources(file: file, data: data))
        }
        return CommandResult(
            report: CheckReport(file: file, diagnostics: findings.findings),
            remarks: findings.findings.map { $0.rendered() })
    }
}
