import ArgumentParser

/// `dovetail devices`: the group of commands about device profiles.
struct DevicesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "devices",
        abstract: "Lists, shows and checks device profiles.",
        discussion: """
            A profile is a YAML file that states what a device is, each number with its source.

            EXAMPLES
              dovetail devices list
              dovetail devices show nucleo-l4r5zi
              dovetail devices check my-board.yaml
              dovetail devices schema > profile.schema.json
            """,
        subcommands: [DevicesList.self, DevicesShow.self, DevicesCheck.self, DevicesSchema.self],
        defaultSubcommand: DevicesList.self)
}
