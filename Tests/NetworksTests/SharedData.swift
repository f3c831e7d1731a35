import Foundation

/// The data kit beside the package, which not every checkout has.
enum SharedData {
    /// The root of the package.
    static let package = URL(filePath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    static let root = package.deletingLastPathComponent().appending(path: "shared/data").resolvingSymlinksInPath()

    static var isPresent: Bool { FileManager.default.fileExists(atPath: root.path) }

    /// The files below `folder` whose names end in `suffix`, in order.
    static func files(_ folder: String, suffix: String) -> [URL] {
        let base = root.appending(path: folder)
        guard let paths = FileManager.default.enumerator(atPath: base.path) else { return [] }
        let names = paths.compactMap { $0 as? String }.filter { $0.hasSuffix(suffix) }
        return names.sorted().map { base.appending(path: $0) }
    }
}
