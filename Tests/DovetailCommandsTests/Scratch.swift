import DovetailCommands
import Foundation

/// A folder of its own for one test, and the program run beside the package's profiles.
final class Scratch {
    static let package = URL(filePath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "dovetail-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    func path(_ name: String) -> String {
        folder.appending(path: name).path
    }

    @discardableResult
    func write(_ contents: Data, as name: String) throws -> String {
        try contents.write(to: folder.appending(path: name))
        return path(name)
    }

    @discardableResult
    func write(_ text: String, as name: String) throws -> String {
        try write(Data(text.utf8), as: name)
    }

    /// The names in the folder, hidden ones included.
    var contents: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
    }

    /// Runs the program.
    static func run(_ arguments: [String]) -> CommandOutcome {
        let profiles = package.appending(path: "HardwareProfiles").path
        return DovetailProgram(in: Surroundings(variables: ["DOVETAIL_PROFILES": profiles])).run(arguments)
    }

    /// The JSON object that a command writes to the standard output.
    static func object(_ outcome: CommandOutcome) throws -> [String: Any] {
        let value = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
        return value as? [String: Any] ?? [:]
    }
}
