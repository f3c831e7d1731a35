import ArgumentParser
import Foundation
import Reporting

/// `dovetail validate`: how far the estimates are from what was measured.
struct ValidateCommand: DovetailSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Compares the estimates of every cost model with measured boards and published chips.",
        discussion: """
            Reads the tables of Traces/boards: each row names a network, a device, a runtime library and the figure that was \
            measured. Rows whose note starts with 'excluded' are shown and not counted. --output writes the record of \
            errors that is kept as Traces/boards/model-error.csv.

            EXAMPLES
              dovetail validate
              dovetail validate --suite cortex-m --format json
              dovetail validate --output Traces/boards/model-error.csv
            """)

    @Option(
        name: .customLong("suite"),
        help: ArgumentHelp("Only this table, by its name without .csv. May be repeated.", valueName: "name"))
    var suites: [String] = []

    @Option(
        help: ArgumentHelp(
            "The folder of measured rows.",
            discussion: """
                Without it: that of the environment variable DOVETAIL_TRACES, ./Traces/boards, then Traces/boards in \
                each folder above the executable.
                """, valueName: "dir"))
    var traces: String?

    @Option(
        name: [.customShort("o"), .customLong("output")],
        help: ArgumentHelp("Writes the errors as CSV.", valueName: "file"))
    var destination: String?

    @OptionGroup var profiles: ProfileOptions
    @OptionGroup var output: OutputOptions

    func perform(in surroundings: Surroundings) throws -> CommandResult {
        let place = try destination.map { try OutputPlace($0, .file) }
        let boards = try MeasuredBoards(folder: traces, suites: suites, in: surroundings)
        var run = ValidationRun(boards, shelf: try profiles.shelf(in: surroundings))
        let rows = boards.suites.reduce(0) { $0 + $1.rows.count }
        let progress = ProgressDisplay("estimating", total: rows, in: surroundings)
        defer { progress.finish() }
        let outcomes = try run.outcomes(progress)
        try place?.commit(Data(ModelErrorTable(outcomes).text.utf8))
        return CommandResult(report: ValidationReport(outcomes))
    }
}
