import ArgumentParser
import Compression
import Reporting

/// `dovetail inspect`: what a network is.
struct InspectCommand: DovetailSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Shows what a network is: its layers, their work and their weights.",
        discussion: """
            The network is shown as it was read, before batch normalization is folded and layers are fused.

            EXAMPLES
              dovetail inspect model.tflite
              dovetail inspect zoo:vgg16 --format json
            """)

    @OptionGroup var net: NetworkArgument
    @OptionGroup var output: OutputOptions

    func perform(in surroundings: Surroundings) throws -> CommandResult {
        let source = try NetworkSource(net.network)
        return CommandResult(report: NetworkReport(name: source.name, network: source.compressed.network))
    }
}
