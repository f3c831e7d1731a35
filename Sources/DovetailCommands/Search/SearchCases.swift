import Deployment
import Digests
import Execution
import Foundation
import Networks

/// The cases of a search: those that are probed and those that whole networks are judged on.
struct SearchCases {
    let calibration: LabelledCases
    let evaluation: LabelledCases
    /// What a plan says of them.
    let description: Plan.Cases

    /// Opens the files; without a calibration file, a seeded part of the inputs is kept out of the evaluation.
    ///
    /// Calibration takes as many cases as a probe can afford: more for small networks.
    ///
    /// - Throws: `CommandFailure` or `Diagnostics`.
    init(
        inputs: String, labels: String?, calibrate: String?, normalization: NormalizationOption, limit: Int?,
        seed: UInt64, network: Network
    ) throws {
        let affordable = SearchCases.probeMacs / max(NetworkSummary(network).totals.macs, 1)
        let calibrationCases = max(SearchCases.fewestProbes, min(SearchCases.mostProbes, affordable))
        let rule = try normalization.normalization()
        let all = try CaseFile.open(inputs, labels: labels, for: network, normalization: rule)
        let taken = limit.map(all.first) ?? all
        if let calibrate {
            calibration = try CaseFile.open(calibrate, for: network, normalization: rule).first(calibrationCases)
            evaluation = taken
        } else {
            guard taken.count > 1 else {
                throw CommandFailure.wrongUsage("\(inputs): one case cannot be both probed and judged; use --calibrate")
            }
            (calibration, evaluation) = taken.split(
                calibration: min(calibrationCases, taken.count / 2), seed: seed)
        }
        description = Plan.Cases(
            inputs: try SearchCases.attachment(inputs), labels: try labels.map(SearchCases.attachment),
            calibration: try calibrate.map(SearchCases.attachment), normalization: normalization.normalize,
            calibrationCases: calibration.count, evaluationCases: evaluation.count, seed: seed)
    }

    /// A file by name and content.
    static func attachment(_ path: String) throws -> Plan.Attachment {
        Plan.Attachment(file: path, digest: Digest(of: try Disk.read(path)))
    }

    /// Multiply-accumulates that one probe may take.
    private static let probeMacs = 150_000_000
    private static let fewestProbes = 32
    /// Probes on which ranges of activations are observed.
    static let observed = 32
    private static let mostProbes = 128
}
