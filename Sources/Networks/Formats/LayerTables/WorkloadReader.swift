public import Manifests
public import Workloads

/// One form of table that lists the layers of a network without weights: rows in, a workload out.
public protocol WorkloadReader: Sendable {
    /// The format's name in messages, such as `layer table`.
    static var name: String { get }

    /// Whether the heading is one of this form.
    func recognizes(_ heading: [String]) -> Bool

    /// The workload that the rows describe.
    ///
    /// - Throws: `Diagnostics` with every fault found, each with its line.
    func workload(_ table: DelimitedTable, named name: String) throws -> Workload
}
