import Codesign
import Compression
import Deployment
import Digests
import Exploration
import Foundation

/// Writes a plan with what belongs to it, each file complete or not at all, the plan last.
struct PlanWriter {
    let path: String
    private let planPlace: OutputPlace
    private let folderPlace: OutputPlace
    private let tablesPlace: OutputPlace

    /// Claims the places, before any long work.
    ///
    /// - Throws: `CommandFailure.wrongUsage` for a place that cannot be written.
    init(_ path: String) throws {
        self.path = path
        planPlace = try OutputPlace(path, .file)
        folderPlace = try OutputPlace(
            PlanWriter.beside(path, ".dovetail"), .folder, replacingFolderWith: CompressedNetworkFiles.networkName)
        tablesPlace = try OutputPlace(PlanWriter.beside(path, ".tables.json"), .file)
    }

    /// Claims the place of another file, which must not be one of the plan's own.
    func place(besides path: String) throws -> OutputPlace {
        let places = [
            self.path, PlanWriter.beside(self.path, ".dovetail"), PlanWriter.beside(self.path, ".tables.json"),
        ]
        func resolved(_ path: String) -> String { URL(fileURLWithPath: path).resolvingSymlinksInPath().path }
        guard !places.map(resolved).contains(resolved(path)) else {
            throw CommandFailure.wrongUsage("\(path): the plan writes a file of its own there; name another")
        }
        return try OutputPlace(path, .file)
    }

    /// The path of a plan without `.json`, followed by `suffix`.
    private static func beside(_ path: String, _ suffix: String) -> String {
        (path.hasSuffix(".json") ? String(path.dropLast(5)) : path) + suffix
    }

    static func encoded(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(value) + Data("\n".utf8)
    }

    /// Writes everything; `make` gets the attachments and gives the plan.
    func write(
        _ compressed: CompressedNetwork, tables: CertifiedTables,
        plan make: (_ compressed: Plan.Attachment, _ tables: Plan.Attachment) -> Plan
    ) throws -> Plan {
        let files = try CompressedNetworkFiles(compressed)
        let encodedTables = try PlanWriter.compact(tables)
        let plan = make(
            Plan.Attachment(file: name(".dovetail"), digest: files.digest),
            Plan.Attachment(file: name(".tables.json"), digest: Digest(of: encodedTables)))
        try folderPlace.write(files.network, as: CompressedNetworkFiles.networkName)
        try folderPlace.write(files.tensors, as: CompressedNetworkFiles.tensorsName)
        try folderPlace.commit()
        try tablesPlace.commit(encodedTables)
        try planPlace.commit(try PlanWriter.encoded(plan))
        return plan
    }

    private static func compact(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return try encoder.encode(value) + Data("\n".utf8)
    }

    private func name(_ suffix: String) -> String {
        URL(fileURLWithPath: PlanWriter.beside(path, suffix)).lastPathComponent
    }
}
