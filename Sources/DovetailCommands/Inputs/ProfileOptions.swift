import ArgumentParser
import Deployment
import Diagnostics
import Hardware

/// Where device profiles are looked for.
struct ProfileOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The folder of device profiles.",
            discussion: """
                Without it: that of the environment variable DOVETAIL_PROFILES, ./HardwareProfiles, then \
                HardwareProfiles in each folder above the executable.
                """, valueName: "dir"))
    var profiles: String?

    func shelf(in surroundings: Surroundings) throws -> ProfileShelf {
        try ProfileShelf(folder: profiles, in: surroundings)
    }
}

/// The device and the runtime library to fit a network to.
struct DeviceOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The device: the name of a profile, or the path of a YAML file.",
            discussion: "May be left out to estimate a plan on the device that it was made for.", valueName: "device"))
    var device: String?

    @Option(
        help: ArgumentHelp(
            "The runtime library: a name or the path of a YAML file; without it the device's own default.",
            valueName: "runtime"))
    var runtime: String?

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp(
            "Overrides a key of the device's profile, or of the runtime's with 'runtime.' before it.",
            discussion: "For example --set memories.sram.size='64 KiB'. May be repeated.", valueName: "key=value"))
    var overrides: [String] = []

    @OptionGroup var profiles: ProfileOptions

    /// The device with its overrides; without a name that of the plan.
    func resolvedDevice(on shelf: ProfileShelf, plan: Plan? = nil) throws -> ResolvedDevice {
        try choice(plan).resolvedDevice(on: shelf)
    }

    /// The runtime library for a device, without a name that of the plan; nil for a machine that runs none.
    func resolvedRuntime(for machine: Device, on shelf: ProfileShelf, plan: Plan? = nil) throws -> ResolvedRuntime? {
        try choice(plan).resolvedRuntime(for: machine, on: shelf)
    }

    private func choice(_ plan: Plan?) throws -> MachineChoice {
        guard let name = device ?? plan?.device else {
            throw CommandFailure.wrongUsage("no device is named: write --device, see 'dovetail devices list'")
        }
        return MachineChoice(
            device: name, runtime: runtime ?? (device == nil ? plan?.runtime : nil), overrides: overrides)
    }
}
