import ArgumentParser
import Hardware
import Reporting

/// `dovetail devices show`.
struct DevicesShow: DovetailSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Shows everything known of a device or runtime library, each number with its source.",
        discussion: """
            EXAMPLES
              dovetail devices show nucleo-l4r5zi
              dovetail devices show nucleo-l4r5zi --set memories.sram.size='1 MiB'
              dovetail devices show dovetail
            """)

    @Argument(help: ArgumentHelp("The name of a device or runtime library, or the path of a YAML file."))
    var name: String

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp("Overrides a key of the profile. May be repeated.", valueName: "key=value"))
    var overrides: [String] = []

    @OptionGroup var profiles: ProfileOptions
    @OptionGroup var output: OutputOptions

    func perform(in surroundings: Surroundings) throws -> CommandResult {
        let shelf = try profiles.shelf(in: surroundings)
        if shelf.library.runtimeNames.contains(name), !shelf.library.deviceNames.contains(name) {
            let runtime = try shelf.runtime(named: name, overrides: overrides)
            return CommandResult(
                report: ProfileReport(
                    name: runtime.subject.name, summary: runtime.subject.summary, kind: "runtime",
                    profile: runtime.subject, facts: runtime.facts))
        }
        let device = try shelf.device(named: name, overrides: overrides)
        return CommandResult(
            report: ProfileReport(
                name: device.subject.name, summary: device.subject.summary,
                kind: device.subject.machine.kind.rawValue, profile: device.subject, facts: device.facts))
    }
}
