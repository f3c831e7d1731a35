import ArgumentParser
import Compression
import Execution
import Foundation
import Networks
import Reporting

/// `dovetail run`: exact execution.
struct RunCommand: DovetailSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Executes a network on inputs, in the exact arithmetic of the device.",
        discussion: """
            Inputs are .npy, .npz, IDX (also gzip), CIFAR-10 records or raw records: the network's inputs of one case \
            after another, little-endian, in its own element types. Labels are .npy, IDX or .csv, or those that the \
            inputs carry. --outputs and --trace write raw records of the same form. The digest is the SHA-256 of all \
            output records.

            EXAMPLES
              dovetail run model_int8.tflite --inputs images.npy --labels labels.csv
              dovetail run net.onnx --inputs x.npy --normalize 'scale=1/255' --limit 100
              dovetail run small.dovetail --inputs cifar.bin --outputs scores.bin
              dovetail run net.tflite --inputs x.npy --limit 1 --trace layers
              dovetail run net.tflite --inputs x.npy --events
            """)

    @OptionGroup var net: NetworkArgument

    @Option(help: ArgumentHelp("The inputs of the cases.", valueName: "file"))
    var inputs: String

    @Option(help: ArgumentHelp("The class of each case.", valueName: "file"))
    var labels: String?

    @OptionGroup var normalization: NormalizationOption

    @Option(help: ArgumentHelp("Takes the first N cases.", valueName: "n"))
    var limit: Int?

    @Option(
        help: ArgumentHelp(
            "The arithmetic, by the runtime that computes so; without it the network's own.",
            discussion: """
                tflm and litert round twice, ruy rounds the shift half up, single-rounding rounds once, xnnpack and \
                onnxruntime scale in float32, fixed-point rounds exact products once, qonnx keeps reals on grids, float \
                computes in reals.
                """, valueName: "arithmetic"))
    var arithmetic: ArithmeticName?

    @Option(help: ArgumentHelp("Writes the output records.", valueName: "file"))
    var outputs: String?

    @Option(help: ArgumentHelp("Writes the records of every value.", valueName: "dir"))
    var trace: String?

    @Flag(
        help: ArgumentHelp(
            "Counts events on every case and shows them layer by layer.",
            discussion: """
                Multiplications with a zero weight, a zero input or both, bits that toggle on the operand buses, \
                saturated results and the largest sum. Without it events are counted on the first 64 cases only.
                """))
    var events = false

    @Option(help: ArgumentHelp("How many threads run cases; the results do not depend on it.", valueName: "n"))
    var threads = ProcessInfo.processInfo.activeProcessorCount

    @OptionGroup var output: OutputOptions

    /// Cases on which events are counted where nothing else is asked for.
    private static let eventCases = 64

    func validate() throws {
        guard limit ?? 1 > 0 else { throw ValidationError("--limit must be positive") }
        guard threads > 0 else { throw ValidationError("--threads must be positive") }
    }

    func perform(in surroundings: Surroundings) throws -> CommandResult {
        let source = try NetworkSource(net.network).simplified()
        let given = source.compressed.network
        let network = try arithmetic?.applied(to: given) ?? given
        let recordFile = try outputs.map { try RecordFile($0) }
        let traceFolder = try trace.map { try TraceFolder($0, network: network) }
        let all = try CaseFile.open(
            inputs, labels: labels, for: network, normalization: try normalization.normalization())
        let cases = limit.map(all.first) ?? all
        let interpreter = try Interpreter(network)
        let run = CaseRun(
            interpreter: interpreter, cases: cases, labelFile: labels ?? inputs, threads: threads,
            counter: events ? EventCounter(interpreter) : nil)
        let progress = ProgressDisplay("running", total: cases.count, in: surroundings)
        let result = try run.run(progress: progress, outputs: recordFile, trace: traceFolder)
        let report = RunReport(
            network: source.name, arithmetic: arithmetic?.rawValue ?? ArithmeticName.name(of: network),
            inferences: cases.count, accuracy: result.accuracy, seconds: result.seconds,
            macs: NetworkSummary(network).totals.macs, outputDigest: "\(result.digest)",
            events: try result.events ?? interpreter.events(on: cases.first(Self.eventCases), threads: threads),
            layersShown: events ? network.nodes.map(\.name) : [])
        try recordFile?.commit()
        try traceFolder?.commit()
        return CommandResult(report: report, remarks: source.warnings)
    }
}
