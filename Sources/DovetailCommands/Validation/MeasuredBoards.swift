import Compression
import Diagnostics
import Estimation
import Foundation
import Manifests
import Networks
import Workloads

/// The measured rows that come with the program, `Traces/boards`, and the networks that they name.
struct MeasuredBoards {
    /// The folder that was read.
    let folder: String
    /// Rows by the file that holds them, in the order of the names.
    let suites: [(name: String, rows: [MeasuredRow])]

    /// Files of the folder that hold no rows to compare.
    private static let others = ["model-error"]

    /// Reads the folder asked for, else that of `DOVETAIL_TRACES`, `./Traces/boards`, then `Traces/boards` in each folder
    /// above the executable.
    ///
    /// - Throws: `CommandFailure`, or `Diagnostics` with the faults of all tables.
    init(folder asked: String?, suites wanted: [String], in surroundings: Surroundings) throws {
        let folder = try ShippedFolder(name: "Traces/boards", variable: "DOVETAIL_TRACES", option: "--traces")
            .path(asked, in: surroundings)
        let known = try Disk.names(in: folder).filter { $0.hasSuffix(".csv") }
            .map { String($0.dropLast(".csv".count)) }.filter { !Self.others.contains($0) }
        for name in wanted where !known.contains(name) {
            let fix = Spelling.fix(for: name, among: known).map { "; \($0)" } ?? ""
            throw CommandFailure.wrongUsage("no suite of measurements is called '\(name)' in '\(folder)'\(fix)")
        }
        var findings: [Diagnostic] = []
        var suites: [(String, [MeasuredRow])] = []
        for name in known where wanted.isEmpty || wanted.contains(name) {
            let path = "\(folder)/\(name).csv"
            do {
                suites.append((name, try MeasuredRow.rows(of: DelimitedTable(file: path, bytes: try Disk.read(path)))))
            } catch let faults as Diagnostics {
                findings += faults.findings
            }
        }
        guard findings.isEmpty else { throw Diagnostics(findings) }
        self.folder = folder
        self.suites = suites
    }

    /// The workload of a network that a row names.
    ///
    /// - Throws: `CommandFailure`, or `Diagnostics` for the contents.
    func workload(_ network: String) throws -> Workload {
        if let workload = try WorkloadFile.workload("\(folder)/networks/\(network).csv", orNil: network) {
            return workload
        }
        return try NetworkSource(network).simplified().compressed.lowered()
    }
}

extension WorkloadFile {
    /// The workload of a table at a path; nil for a network that is named in another way, such as `zoo:NAME`.
    fileprivate static func workload(_ path: String, orNil network: String) throws -> Workload? {
        guard !network.contains(":") else { return nil }
        return try workload(path)
    }
}
