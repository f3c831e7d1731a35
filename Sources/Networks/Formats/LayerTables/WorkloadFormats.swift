import Diagnostics
public import Foundation
import Manifests
public import Workloads

/// The catalog of tables of layers: picks the reader that recognizes a file's heading.
public struct WorkloadFormats: Sendable {
    /// The readers, asked in order; a new one is one entry of `standard`.
    public var readers: [any WorkloadReader]

    public init(_ readers: [any WorkloadReader]) {
        self.readers = readers
    }

    public static let standard = WorkloadFormats([LayerTable(), SystolicTopology()])

    /// The workload that the bytes of a CSV file hold.
    ///
    /// - Throws: `Diagnostics` with every fault of the file, or one that lists the formats when none recognizes it.
    public func read(_ bytes: Data, fileName: String, named name: String) throws -> Workload {
        let table = DelimitedTable(file: fileName, bytes: bytes)
        guard table.findings.isEmpty else { throw Diagnostics(table.findings) }
        if let reader = readers.first(where: { $0.recognizes(table.heading.fields) }) {
            return try reader.workload(table, named: name)
        }
        let names = readers.map { type(of: $0).name }.joined(separator: ", ")
        throw Diagnostics([
            Diagnostic(
                "the heading is of no known table of layers", at: table.location(line: table.heading.line),
                fix: "the formats are \(names)")
        ])
    }
}
