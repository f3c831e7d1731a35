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

    /// Writes the whole of a file output and moves it to its place.
    func commit(_ contents: Data) throws {
        do {
            try contents.write(to: temporary)
        } catch {
            throw Self.refusal(path, "writing failed: \(error.localizedDescription)")
        }
        try commit()
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
