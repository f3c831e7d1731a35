import Hardware

/// A device and a runtime library by their names, with changes to keys of their profiles.
struct MachineChoice: Hashable {
    var device: String
    /// nil for the device's own.
    var runtime: String?
    /// `key=value` for the device, `runtime.key=value` for the runtime.
    var overrides: [String] = []

    private static let runtimePrefix = "runtime."

    func resolvedDevice(on shelf: ProfileShelf) throws -> ResolvedDevice {
        try shelf.device(named: device, overrides: overrides.filter { !$0.hasPrefix(Self.runtimePrefix) })
    }

    /// The runtime library for a device; nil for a machine that runs none.
    func resolvedRuntime(for machine: Device, on shelf: ProfileShelf) throws -> ResolvedRuntime? {
        let own = overrides.filter { $0.hasPrefix(Self.runtimePrefix) }
        guard let name = runtime ?? machine.defaultRuntime else {
            guard own.isEmpty else {
                throw CommandFailure.wrongUsage("'\(machine.name)' runs no runtime library whose keys could be set")
            }
            return nil
        }
        return try shelf.runtime(named: name, overrides: own.map { String($0.dropFirst(Self.runtimePrefix.count)) })
    }
}
