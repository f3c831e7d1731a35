import ArgumentParser
import Diagnostics
import Execution
import Foundation
import Networks

/// How stored numbers become the network's reals.
struct NormalizationOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "How image values become the network's reals: (x * scale - mean) / std, each part optional.",
            discussion: "For example --normalize 'scale=1/255 mean=0.485,0.456,0.406 std=0.229,0.224,0.225'.",
            valueName: "parts"))
    var normalize: String?

    /// - Throws: `SourcedFindings` with every fault of the text.
    func normalization() throws -> Normalization {
        guard let normalize else { return .identity }
        do {
            return try Normalization(parsing: normalize, source: Self.name)
        } catch let findings as Diagnostics {
            throw SourcedFindings(findings: findings, sources: [Self.name: normalize])
        }
    }

    private static let name = "--normalize"
}

/// A file of cases, opened for a network.
enum CaseFile {
    /// - Throws: `CommandFailure` or `Diagnostics`.
    static func open(
        _ inputs: String, labels: String? = nil, for network: Network, normalization: Normalization
    ) throws -> LabelledCases {
        let labelFile = try labels.map { DataFile(try Disk.read($0), name: $0) }
        return try DatasetFormats.standard.read(
            inputs: DataFile(try Disk.read(inputs), name: inputs), labels: labelFile, for: network,
            normalization: normalization)
    }
}
