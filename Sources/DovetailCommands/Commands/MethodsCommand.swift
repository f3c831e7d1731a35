import ArgumentParser
import Compression
import Reporting

/// `dovetail methods`: every compression method.
struct MethodsCommand: DovetailSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "methods",
        abstract: "Lists every compression method with its source and parameters.",
        discussion: """
            A recipe names methods as its steps; 'compress' and 'estimate' apply recipes, 'search' chooses among them.

            EXAMPLES
              dovetail methods
              dovetail methods --format json
            """)

    @OptionGroup var output: OutputOptions

    func perform(in surroundings: Surroundings) throws -> CommandResult {
        CommandResult(report: MethodsReport(StepCatalog.standard.descriptions))
    }
}
