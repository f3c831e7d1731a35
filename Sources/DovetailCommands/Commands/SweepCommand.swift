import ArgumentParser
import Codesign
import Compression
import Estimation
import Execution
import Foundation
import Hardware
import Networks
import Reporting

/// `dovetail sweep`: methods of compression side by side.
struct SweepCommand: DovetailSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "sweep",
        abstract: "Compares methods of compression on a network: accuracy, size, and cost on several devices.",
        discussion: """
            A sweep file lists methods, each with the steps of a recipe; 'vary' gives a list of values to one parameter of \
            a step, 'naive' names the method that it should beat, and 'finish' holds steps behind those of every \
            method, such as quantization. Each compressed network is executed on the labelled inputs, and the very same \
            object is costed. A step that refuses is a row with its reason.

            EXAMPLES
              dovetail sweep net.onnx --sweep Examples/sweeps/post-training.yaml --device nucleo-l4r5zi \\
                --device ethos-u55-128 --inputs test.bin --calibrate train.bin -o table.csv
            """)

    @OptionGroup var net: NetworkArgument

    @Option(help: ArgumentHelp("The methods to compare, in YAML or JSON.", valueName: "file"))
    var sweep: String

    @Option(
        name: .customLong("device"),
        help: ArgumentHelp("A device to cost on, with its own runtime library. May be repeated.", valueName: "device"))
    var devices: [String] = []

    @OptionGroup var profiles: ProfileOptions

    @Option(help: ArgumentHelp("The inputs of the cases.", valueName: "file"))
    var inputs: String

    @Option(help: ArgumentHelp("The class of each case, unless the inputs carry it.", valueName: "file"))
    var labels: String?

    @Option(help: ArgumentHelp("Takes the first N cases of --inputs.", valueName: "n"))
    var limit: Int?

    @Option(help: ArgumentHelp("Inputs for calibration, other than those judged on.", valueName: "file"))
    var calibrate: String

    @Option(help: ArgumentHelp("How many cases of the calibration file are used, from its start.", valueName: "n"))
    var calibrationCases = 64

    @OptionGroup var normalization: NormalizationOption

    @Option(
        name: [.customShort("o"), .customLong("output")],
        help: ArgumentHelp("Writes the table as CSV.", valueName: "file"))
    var destination: String?

    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard limit ?? 1 > 0 else { throw ValidationError("--limit must be positive") }
        guard calibrationCases > 0 else { throw ValidationError("--calibration-cases must be positive") }
    }

    func perform(in surroundings: Surroundings) throws -> CommandResult {
        let place = try destination.map { try OutputPlace($0, .file) }
        let entries = try SweepFile(file: sweep, bytes: try Disk.read(sweep)).entries
        let source = try NetworkSource(net.network).simplified()
        let network = source.compressed.network
        let rule = try normalization.normalization()
        let all = try CaseFile.open(inputs, labels: labels, for: network, normalization: rule)
        guard all.labels != nil else {
            throw CommandFailure.wrongUsage("accuracy needs the class of each case: name --labels")
        }
        let seen = try CaseFile.open(calibrate, for: network, normalization: rule).first(calibrationCases)
        let threads = ProcessInfo.processInfo.activeProcessorCount
        let runner = Sweep(
            network: network, catalog: .standard, observer: CalibrationRuns(seen, threads: threads),
            cases: limit.map(all.first) ?? all, targets: try targets(for: network, in: surroundings), threads: threads)
        let progress = ProgressDisplay("comparing", total: entries.count, in: surroundings)
        defer { progress.finish() }
        let outcomes = try entries.map { entry in
            defer { progress.advance() }
            return try runner.outcome(of: entry)
        }
        let report = SweepReport(network: net.network, outcomes)
        let name = URL(fileURLWithPath: net.network).lastPathComponent
        try place?.commit(Data(SweepTable(network: name, outcomes).text.utf8))
        return CommandResult(report: report)
    }

    private func targets(for network: Network, in surroundings: Surroundings) throws -> [Sweep.Target] {
        guard !devices.isEmpty else { return [] }
        let shelf = try profiles.shelf(in: surroundings)
        do {
            return try devices.map { name in
                let choice = MachineChoice(device: name)
                let machine = try choice.resolvedDevice(on: shelf).subject
                let runtime = try choice.resolvedRuntime(for: machine, on: shelf)?.subject
                return Sweep.Target(
                    name: name,
                    costing: try Costing(device: machine, runtime: runtime, steps: network.nodes.map(\.name)))
            }
        } catch let refusal as EstimateRefusal {
            throw CommandFailure.cannotBeDone(refusal.reasons)
        }
    }
}
