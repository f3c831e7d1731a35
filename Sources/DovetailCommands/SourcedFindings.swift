import Diagnostics

/// Findings with the texts of the files that they name, where those are not found under that name on the disk.
struct SourcedFindings: Error {
    var findings: Diagnostics
    var sources: [String: String]
}
