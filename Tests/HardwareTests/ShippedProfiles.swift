import Foundation
import Hardware

/// The shipped profiles of this checkout, read once.
enum ShippedProfiles {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().resolvingSymlinksInPath()

    static let files: [String: Data] = {
        let folder = root.appending(path: "HardwareProfiles").resolvingSymlinksInPath()
        var files: [String: Data] = [:]
        let paths = (try? FileManager.default.subpathsOfDirectory(atPath: folder.path)) ?? []
        for path in paths where path.hasSuffix(".yaml") {
            files[String(path.dropLast(5))] = try? Data(contentsOf: folder.appending(path: path))
        }
        return files
    }()

    static let library = ProfileLibrary(profiles: files)
}
