import Foundation

/// Reading files by name.
enum Disk {
    /// The contents of a file, mapped where the system can.
    ///
    /// - Throws: `CommandFailure.missingFile`.
    static func read(_ path: String) throws -> Data {
        switch kind(of: path) {
        case nil: throw CommandFailure.missingFile("\(path): there is no such file")
        case .folder: throw CommandFailure.missingFile("\(path): this is a folder, not a file")
        case .device: throw CommandFailure.missingFile("\(path): this is a device or a pipe, not a file")
        case .file: break
        }
        do {
            return try Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe)
        } catch {
            throw CommandFailure.missingFile("\(path): the file cannot be read")
        }
    }

    /// The names of the entries of a folder, in order.
    ///
    /// - Throws: `CommandFailure.missingFile`.
    static func names(in folder: String) throws -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        } catch {
            throw CommandFailure.missingFile("\(folder): the folder cannot be read")
        }
    }

    /// What a path leads to.
    enum Kind {
        case file
        case folder
        /// A terminal, a pipe, `/dev/null`.
        case device
    }

    /// What the path leads to, through symbolic links; nil for nothing.
    static func kind(of path: String) -> Kind? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return .file
        case S_IFDIR: return .folder
        default: return .device
        }
    }
}
