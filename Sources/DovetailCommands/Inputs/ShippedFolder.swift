import Foundation

/// A folder of files that come with the program, wherever they lie.
struct ShippedFolder {
    /// The path below the project or the installation.
    let name: String
    /// The environment variable that names another.
    let variable: String
    /// The option that names another.
    let option: String

    /// The first folder that exists: the one asked for, that of the variable, one below the working folder, then one in each
    /// folder above the executable.
    ///
    /// - Throws: `CommandFailure.missingFile` when there is none.
    func path(_ asked: String?, in surroundings: Surroundings) throws -> String {
        for given in [asked, surroundings.variables[variable]].compactMap({ $0 }) where !given.isEmpty {
            guard Disk.kind(of: given) == .folder else {
                throw CommandFailure.missingFile("\(given): there is no such folder")
            }
            return given
        }
        var candidates = [name]
        var place = surroundings.executable?.resolvingSymlinksInPath()
        while let current = place, current.path != "/" {
            let parent = current.deletingLastPathComponent()
            candidates += [parent.appendingPathComponent(name).path]
            candidates += [parent.appendingPathComponent("share/dovetail/\(name)").path]
            place = parent
        }
        guard let found = candidates.first(where: { Disk.kind(of: $0) == .folder }) else {
            throw CommandFailure.missingFile("no folder '\(name)' was found; name one with \(option)")
        }
        return found
    }
}
