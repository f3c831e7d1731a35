import ArgumentParser

/// The form in which a command reports.
enum OutputFormat: String, CaseIterable, ExpressibleByArgument, Sendable {
    case text
    case json
}

/// The options that every command has.
struct OutputOptions: ParsableArguments {
    @Option(help: "The form of the report: 'text' for people, 'json' for programs.")
    var format: OutputFormat = .text
}

/// A command that does something; groups of commands are no such commands.
protocol DovetailSubcommand: ParsableCommand {
    var output: OutputOptions { get }

    /// Does the work.
    ///
    /// - Throws: `Diagnostics` or `Diagnostic` for the contents of inputs, `CommandFailure` for all other failures.
    func perform(in surroundings: Surroundings) throws -> CommandResult
}
