import Foundation

/// A file or folder that a command will write: made beside its place under another name, moved there when complete.
///
/// Making one is also the check that the place can be written, before any long work.
final class OutputPlace {
    enum Kind {
        case file
        case folder
    }

    /// The place as the user wrote it.
    let path: String
    /// Where to write; the place itself for a device such as `/dev/null`.
    let temporary: URL
    private let destination: URL
    private let kind: Kind
    private let isDevice: Bool
    private var isCommitted = false

    /// - Parameter marker: for a folder, the name of a file that an existing folder must hold to be replaced.
    /// - Throws: `CommandFailure.wrongUsage` when the place cannot be written.
    init(_ path: String, _ kind: Kind, replacingFolderWith marker: String? = nil) throws {
        guard !path.isEmpty else { throw CommandFailure.wrongUsage("the name of an output is empty") }
        self.path = path
        self.kind = kind
        let destination = URL(fileURLWithPath: path).resolvingSymlinksInPath()
        self.destination = destination
        isDevice = Disk.kind(of: path) == .device
        guard !isDevice else {
            guard kind == .file else { throw Self.refusal(path, "this is not a folder") }
            temporary = destination
            return
        }
        let parent = destination.deletingLastPathComponent()
        temporary = parent.appendingPathComponent(".\(destination.lastPathComponent).\(UUID().uuidString).part")
        guard Disk.kind(of: parent.path) == .folder else {
            throw Self.refusal(path, "there is no folder '\(parent.path)'")
        }
        try Self.refuseOverwriting(path, kind, marker: marker)
        let made: Void? = try? PendingOutputs.create(temporary.path) {
            switch kind {
            case .file: try Data().write(to: temporary, options: .withoutOverwriting)
            case .folder: try FileManager.default.createDirectory(at: temporary, withIntermediateDirectories: false)
            }
        }
        guard made != nil else { throw Self.refusal(path, "the folder '\(parent.path)' cannot be written") }
    }

    deinit {
        guard !isCommitted, !isDevice else { return }
        try? FileManager.default.removeItem(at: temporary)
        PendingOutputs.forget(temporary.path)
    }

    /// Writes one file of a folder output.
    func write(_ contents: Data, as name: String) throws {
        try Self.write(contents, to: temporary.appendingPathComponent(name), for: path)
    }

    /// Opens the file output, or a file of a folder output, for adding to its end.
    func open(_ name: String? = nil) throws -> FileHandle {
        let file = name.map { temporary.appendingPathComponent($0) } ?? temporary
        do {
            let handle = try FileHandle(forWritingTo: file)
            if !isDevice { try handle.seekToEnd() }
            return handle
        } catch {
            throw Self.refusal(path, "the file cannot be opened")
        }
    }

    /// Adds to an open file.
    func append(_ contents: Data, to handle: FileHandle) throws {
        do {
            try handle.write(contentsOf: contents)
        } catch {
            throw Self.refusal(path, "writing failed: \(error.localizedDescription)")
        }
    }

    /// Closes a file, so that all of it is written.
    func close(_ handle: FileHandle) throws {
        do {
            try handle.close()
        } catch {
            throw Self.refusal(path, "writing failed: \(error.localizedDescription)")
        }
    }

    /// Writes the whole of a file output and moves it to its place.
    func commit(_ contents: Data) throws {
        try Self.write(contents, to: temporary, for: path)
        try commit()
    }

    private static func write(_ contents: Data, to file: URL, for path: String) throws {
        do {
            try contents.write(to: file)
        } catch {
            throw refusal(path, "writing failed: \(error.localizedDescription)")
        }
    }

    /// Moves what was written to `temporary` to its place.
    func commit() throws {
        guard !isDevice else { return }
        let retired = destination.deletingLastPathComponent()
            .appendingPathComponent(".\(destination.lastPathComponent).\(UUID().uuidString).old")
        let replaces = kind == .folder && Disk.kind(of: destination.path) == .folder
        if replaces, rename(destination.path, retired.path) != 0 {
            throw Self.refusal(path, "the old folder cannot be replaced")
        }
        guard rename(temporary.path, destination.path) == 0 else {
            if replaces { rename(retired.path, destination.path) }
            throw Self.refusal(path, "the output cannot be moved to its place")
        }
        isCommitted = true
        PendingOutputs.forget(temporary.path)
        if replaces { try? FileManager.default.removeItem(at: retired) }
    }

    private static func refuseOverwriting(_ path: String, _ kind: Kind, marker: String?) throws {
        switch (Disk.kind(of: path), kind) {
        case (nil, _), (.file, .file), (.device, _):
            return
        case (.folder, .file):
            throw refusal(path, "this is a folder")
        case (.file, .folder):
            throw refusal(path, "this is a file, and a folder is to be written")
        case (.folder, .folder):
            let contents = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
            guard contents.isEmpty || marker.map(contents.contains) ?? false else {
                throw refusal(path, "the folder holds other files, which would be lost; name a new one")
            }
        }
    }

    private static func refusal(_ path: String, _ reason: String) -> CommandFailure {
        .wrongUsage("\(path): cannot write: \(reason)")
    }
}
