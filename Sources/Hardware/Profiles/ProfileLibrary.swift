public import Diagnostics
public import Foundation

/// The profiles at hand, and a way to read more; it touches no disk itself.
public struct ProfileLibrary: Sendable {
    /// Shipped profiles by name without the suffix, such as `boards/nucleo-l4r5zi` or `unit`.
    private let profiles: [String: Data]
    private let read: @Sendable (String) -> Data?

    /// - Parameters:
    ///   - profiles: shipped profiles by their path below `HardwareProfiles`, without `.yaml`.
    ///   - read: the bytes of a file that a user names by a path; nil when there is none.
    public init(profiles: [String: Data], read: @escaping @Sendable (String) -> Data? = { _ in nil }) {
        self.profiles = profiles
        self.read = read
    }

    func data(shipped name: String) -> Data? {
        profiles[name]
    }

    func data(path: String) -> Data? {
        read(path)
    }

    /// Names of all shipped profiles, sorted.
    public var names: [String] {
        profiles.keys.sorted()
    }

    /// Names of the devices: boards, accelerators and `unit`, without folders, sorted.
    public var deviceNames: [String] {
        names.compactMap { name in
            guard name.contains("/") else { return name }
            let isDevice = [ProfileLayer.board, .accelerator].contains { name.hasPrefix($0.folder + "/") }
            return isDevice ? name.split(separator: "/").last.map(String.init) : nil
        }.sorted()
    }

    /// Names of the runtime libraries, sorted.
    public var runtimeNames: [String] {
        let prefix = ProfileLayer.runtime.folder + "/"
        return names.filter { $0.hasPrefix(prefix) }.map { $0.dropFirst(prefix.count).description }
    }

    /// A device by name or by the path of a file, with `KEY=VALUE` overrides.
    ///
    /// - Throws: every fault of every file that it is made of, and of the overrides.
    public func device(named name: String, overrides: [String] = []) throws(Diagnostics) -> ResolvedDevice {
        let file = try file(named: name, in: [.board, .accelerator], what: "device", known: deviceNames)
        let profile = profile(file, overrides: overrides)
        let plain = Self.plainName(file.displayName)
        guard profile.findings.isEmpty, let section = profile.section, profile.layer != .runtime,
            let device = try? ProfileDecoder(section: section).device(name: plain)
        else { throw profile.failure(orFor: file, wanted: "device") }
        return ResolvedProfile(subject: device, facts: section.facts())
    }

    /// A runtime library by name or by the path of a file, with `KEY=VALUE` overrides.
    public func runtime(named name: String, overrides: [String] = []) throws(Diagnostics) -> ResolvedRuntime {
        let file = try file(named: name, in: [.runtime], what: "runtime library", known: runtimeNames)
        let profile = profile(file, overrides: overrides)
        let plain = Self.plainName(file.displayName)
        guard profile.findings.isEmpty, let section = profile.section, profile.layer == .runtime,
            let runtime = try? ProfileDecoder(section: section).runtime(name: plain)
        else { throw profile.failure(orFor: file, wanted: "runtime library") }
        return ResolvedProfile(subject: runtime, facts: section.facts())
    }

    /// All faults of a file of any layer, with those of the files that it extends; empty when it is sound.
    public func check(file name: String, data: Data) -> Diagnostics {
        let file = ProfileFile(displayName: name, folder: Self.folder(of: name), data: data)
        return Diagnostics(profile(file, overrides: []).findings).sorted()
    }

    /// The text of each file that a profile is made of, by the name that diagnostics give, for carets.
    public func sources(of name: String) -> [String: String] {
        guard let file = candidate(named: name, in: [.board, .accelerator, .runtime, .core, .chip]) else { return [:] }
        return sources(file: file.displayName, data: file.data)
    }

    /// The text of a file and of all that it extends.
    public func sources(file name: String, data: Data) -> [String: String] {
        var resolution = ProfileResolution(library: self)
        _ = resolution.resolve(ProfileFile(displayName: name, folder: Self.folder(of: name), data: data))
        return Dictionary(resolution.files.map { ($0.name, $0.text) }, uniquingKeysWith: { first, _ in first })
    }
}
