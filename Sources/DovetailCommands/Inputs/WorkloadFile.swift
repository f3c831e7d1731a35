import Diagnostics
import Foundation
import Networks
import Workloads

/// A table of layers on the disk, such as a SCALE-Sim topology: shapes to cost, no weights to run.
enum WorkloadFile {
    /// The workload of a CSV file; nil for an argument of another kind.
    ///
    /// - Throws: `CommandFailure`, or `Diagnostics` for the contents.
    static func workload(_ argument: String) throws -> Workload? {
        guard argument.lowercased().hasSuffix(".csv") else { return nil }
        let name = URL(fileURLWithPath: argument).deletingPathExtension().lastPathComponent
        return try WorkloadFormats.standard.read(try Disk.read(argument), fileName: argument, named: name)
    }
}
