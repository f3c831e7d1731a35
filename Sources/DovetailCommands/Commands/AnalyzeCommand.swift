import ArgumentParser
import Codesign
import Compression
import Execution
import Foundation
import Networks
import Reporting

/// `dovetail analyze`: where a network can be compressed.
struct AnalyzeCommand: DovetailSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "analyze",
        abstract: "Shows where a network can be compressed: weights, ranges, redundancy, sensitivity.",
        discussion: """
            Each layer's weights in 32 levels with their entropy, its singular spectrum and doubled filters. With --inputs \
            the range of each layer's result over the cases, too, and how far the outputs move when one layer alone is \
            compressed: the mean squared error over the squared length of the outputs.

            EXAMPLES
              dovetail analyze net.onnx
              dovetail analyze net.tflite --inputs images.npy --limit 64
              dovetail analyze net.tflite --inputs images.npy --format json
            """)

    @OptionGroup var net: NetworkArgument

    @Option(help: ArgumentHelp("Cases on which ranges and sensitivity are told.", valueName: "file"))
    var inputs: String?

    @OptionGroup var normalization: NormalizationOption

    @Option(help: ArgumentHelp("Takes the first N cases of --inputs.", valueName: "n"))
    var limit = 32

    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit must be positive") }
    }

    func perform(in surroundings: Surroundings) throws -> CommandResult {
        let source = try NetworkSource(net.network).simplified()
        let network = source.compressed.network
        var report = AnalysisReport(
            network: source.name, macs: NetworkSummary(network).layers, layers: try source.compressed.analyzedLayers())
        guard let inputs else { return CommandResult(report: report) }
        let cases = try CaseFile.open(inputs, for: network, normalization: try normalization.normalization())
            .first(limit)
        let threads = ProcessInfo.processInfo.activeProcessorCount
        let observer = CalibrationRuns(cases, threads: threads)
        report.add(ranges: try observer.ranges(of: network), of: network)
        let probes = SensitivityProbe.standard
        let analysis = SensitivityAnalysis(
            network: network, catalog: .standard, observer: observer, cases: cases, threads: threads)
        let progress = ProgressDisplay(
            "probing", total: report.layers.count * probes.count, in: surroundings)
        defer { progress.finish() }
        report.add(sensitivities: try analysis.entries(of: probes) { progress.advance() })
        return CommandResult(report: report)
    }
}
