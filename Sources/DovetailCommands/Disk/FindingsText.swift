import Diagnostics
import Foundation

/// Findings with the lines of the files that they name.
enum FindingsText {
    /// Longer files are not read again for their lines.
    private static let longestSource = 4 << 20

    static func render(_ findings: Diagnostics, sources known: [String: String]) -> String {
        let files = Set(
            findings.findings.compactMap { finding -> String? in
                guard let location = finding.location, case .text = location.position else { return nil }
                return location.file
            })
        var sources = known
        for file in files where sources[file] == nil {
            guard let data = try? Disk.read(file), data.count <= longestSource else { continue }
            sources[file] = String(decoding: data, as: UTF8.self)
        }
        return findings.rendered(sources: sources)
    }
}
