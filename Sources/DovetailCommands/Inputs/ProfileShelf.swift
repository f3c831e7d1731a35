import Diagnostics
import Foundation
import Hardware
import Manifests

/// The device profiles that come with the program, wherever they lie.
struct ProfileShelf: Sendable {
    let library: ProfileLibrary
    /// The folder that was read.
    let folder: String

    /// Reads all profiles of the first folder that exists: the one asked for, that of `DOVETAIL_PROFILES`,
    /// `./HardwareProfiles`, then `HardwareProfiles` in each folder above the executable.
    ///
    /// - Throws: `CommandFailure.missingFile` when there is none.
    init(folder asked: String?, in surroundings: Surroundings) throws {
        folder = try ShippedFolder(name: "HardwareProfiles", variable: "DOVETAIL_PROFILES", option: "--profiles")
            .path(asked, in: surroundings)
        library = ProfileLibrary(profiles: Self.profiles(below: folder)) { path in
            try? Disk.read(path)
        }
    }

    /// The bytes of all YAML files by their path below the folder, without the suffix.
    private static func profiles(below folder: String) -> [String: Data] {
        var profiles: [String: Data] = [:]
        let root = URL(fileURLWithPath: folder)
        let places = [""] + ProfileLayer.allCases.map { $0.folder + "/" }
        for place in places {
            let directory = root.appendingPathComponent(place)
            let files = (try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? []
            for file in files where file.hasSuffix(".yaml") {
                let path = directory.appendingPathComponent(file).path
                profiles[place + file.dropLast(".yaml".count)] = try? Disk.read(path)
            }
        }
        return profiles
    }
}

extension ProfileShelf {
    /// A device by name or path.
    ///
    /// - Throws: `CommandFailure` for a name that no profile has, `SourcedFindings` for the contents.
    func device(named name: String, overrides: [String] = []) throws -> ResolvedDevice {
        try refuseUnknown(name, known: library.deviceNames, what: "device")
        do {
            return try library.device(named: name, overrides: overrides)
        } catch {
            throw SourcedFindings(findings: error, sources: library.sources(of: name))
        }
    }

    /// A runtime library by name or path.
    ///
    /// - Throws: as `device`.
    func runtime(named name: String, overrides: [String] = []) throws -> ResolvedRuntime {
        try refuseUnknown(name, known: library.runtimeNames, what: "runtime library")
        do {
            return try library.runtime(named: name, overrides: overrides)
        } catch {
            throw SourcedFindings(findings: error, sources: library.sources(of: name))
        }
    }

    private func refuseUnknown(_ name: String, known: [String], what: String) throws {
        let kind = Disk.kind(of: name)
        guard !known.contains(name), kind != .file else { return }
        if kind == .folder { throw CommandFailure.missingFile("\(name): this is a folder, not a profile") }
        if name.contains("/") || name.hasSuffix(".yaml") {
            throw CommandFailure.missingFile("\(name): there is no such file")
        }
        let fix = Spelling.fix(for: name, among: known).map { "; \($0)" } ?? ""
        throw CommandFailure.wrongUsage("no \(what) is called '\(name)' in '\(folder)'\(fix)")
    }
}
