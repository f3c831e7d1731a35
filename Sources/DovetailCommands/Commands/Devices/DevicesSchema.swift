import ArgumentParser
import Hardware
import Reporting

/// `dovetail devices schema`.
struct DevicesSchema: DovetailSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Prints the JSON Schema of profiles, for editors.",
        discussion: """
            EXAMPLES
              dovetail devices schema > profile.schema.json
            """)

    @OptionGroup var output: OutputOptions

    func perform(in surroundings: Surroundings) throws -> CommandResult {
        CommandResult(report: SchemaReport(schema: try ProfileSchema.json()))
    }
}
