import Foundation

extension SharedData {
    static func has(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: root.appending(path: path).path)
    }

    static func bytes(_ path: String) throws -> Data {
        try Data(contentsOf: root.appending(path: path))
    }

    /// The entries of a folder, in order.
    static func names(in path: String) -> [String] {
        let entries = try? FileManager.default.contentsOfDirectory(atPath: root.appending(path: path).path)
        return (entries ?? []).sorted()
    }
}
