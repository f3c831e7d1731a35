import Compression
import Deployment
import Diagnostics
import Digests
import Foundation

/// A plan: the compressed network that lies beside it.
struct PlanNetwork: NetworkForm {
    func compressedNetwork(_ argument: String) throws -> CompressedNetwork? {
        guard let plan = try PlanFile(argument) else { return nil }
        let folder = plan.place(of: plan.plan.compressed.file)
        guard let compressed = try DovetailFolder().compressedNetwork(folder) else {
            throw CommandFailure.missingFile("\(folder): the plan's compressed network is not there")
        }
        guard try CompressedNetworkFiles(compressed).digest == plan.plan.compressed.digest else {
            throw Diagnostics([
                Diagnostic(
                    "this is not the network that the plan names: its digest differs",
                    at: SourceLocation(file: folder), fix: "keep a plan and its .dovetail folder together")
            ])
        }
        return compressed
    }
}

/// A plan as it lies on the disk.
struct PlanFile {
    let path: String
    let plan: Plan

    /// Longer files are no plans.
    private static let longest = 64 << 20

    /// Reads a plan; nil for a file that is none, by its first character and its keys.
    ///
    /// - Throws: `Diagnostics` for a plan with faults.
    init?(_ path: String) throws {
        guard Disk.kind(of: path) == .file else { return nil }
        let bytes = try Disk.read(path)
        guard bytes.count <= PlanFile.longest, bytes.first == UInt8(ascii: "{"),
            let object = try? JSONSerialization.jsonObject(with: bytes) as? [String: Any],
            object["compressed"] != nil
        else { return nil }
        do {
            plan = try JSONDecoder().decode(Plan.self, from: bytes)
        } catch {
            throw Diagnostics([
                Diagnostic("the plan cannot be read: \(error)", at: SourceLocation(file: path))
            ])
        }
        guard plan.schemaVersion == Plan.currentSchemaVersion else {
            throw Diagnostics([
                Diagnostic(
                    "the plan has the form \(plan.schemaVersion), this program reads \(Plan.currentSchemaVersion)",
                    at: SourceLocation(file: path))
            ])
        }
        let companions = [plan.compressed.file] + (plan.tables.map { [$0.file] } ?? [])
        for name in companions where name.isEmpty || name == "." || name == ".." || name.contains("/") {
            throw Diagnostics([
                Diagnostic("'\(name)' does not lie beside the plan", at: SourceLocation(file: path))
            ])
        }
        self.path = path
    }

    /// The path of a file that the plan names beside itself.
    func place(of file: String) -> String {
        URL(fileURLWithPath: path).deletingLastPathComponent().appendingPathComponent(file).relativePath
    }
}

extension CompressedNetworkFiles {
    /// The digest of both files, one after the other.
    var digest: Digest {
        Digest(of: network + tensors)
    }
}
