import ArgumentParser
import Compression
import Estimation
import Execution
import Foundation
import Hardware
import Networks
import Quantities
import Reporting
import Workloads

/// `dovetail estimate`: what a network costs on a device.
struct EstimateCommand: DovetailSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "estimate",
        abstract: "Estimates cycles, energy and memory of a network on a device, layer by layer.",
        discussion: """
            With --recipe the compressed network is costed, the same object that 'run' would execute. A network that \
            does not fit, and a device without a cost model, end with exit status 2 and the reasons. For the layers of most \
            cycles the text says what binds them and what would shorten them: each change was costed.

            With --inputs the network is executed first: zeros and bits that toggle are counted, and the energy of the \
            operands that were met stands beside that of random ones. --timeline writes what each unit does when, for \
            chrome://tracing or ui.perfetto.dev.

            EXAMPLES
              dovetail estimate net.tflite --device nucleo-l4r5zi
              dovetail estimate net.tflite --device nucleo-l4r5zi --runtime cmsis-nn
              dovetail estimate net.tflite --device systolic-16x16-os --set array.rows=8
              dovetail estimate net.onnx --device unit --recipe r.yaml --calibrate x.npy
              dovetail estimate topology.csv --device systolic-32x32-ws
              dovetail estimate net.tflite --device systolic-16x16-os --inputs images.npy --limit 16
              dovetail estimate net.tflite --device nucleo-l4r5zi --set energy.supply='3 V' --timeline trace.json
              dovetail estimate net.tflite --device nucleo-l4r5zi --set energy.idlePower='5 uW' --period '1 s'
              dovetail estimate plan.json
            """)

    @OptionGroup var net: NetworkArgument
    @OptionGroup var device: DeviceOptions

    @Option(help: ArgumentHelp("A recipe in YAML or JSON, applied before costing.", valueName: "file"))
    var recipe: String?

    @OptionGroup var calibration: CalibrationOptions

    @Option(
        help: ArgumentHelp(
            "Inputs on which zeros and toggling bits are counted, normalized as --normalize says.", valueName: "file"))
    var inputs: String?

    @Option(help: ArgumentHelp("Takes the first N cases of --inputs.", valueName: "n"))
    var limit = 64

    @Option(help: ArgumentHelp("Writes a trace of compute, transfers and stalls.", valueName: "file"))
    var timeline: String?

    @Option(
        help: ArgumentHelp(
            "One inference in each period, such as '100 ms': tells the energy with the waiting between.",
            valueName: "time"))
    var period: String?

    @OptionGroup var output: OutputOptions

    /// Cases on which set bits are counted, which takes longer than other events.
    private static let setBitCases = 8

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit must be positive") }
    }

    func perform(in surroundings: Surroundings) throws -> CommandResult {
        let shelf = try device.profiles.shelf(in: surroundings)
        let plan = try PlanFile(net.network)?.plan
        let machine = try device.resolvedDevice(on: shelf, plan: plan).subject
        let runtime = try device.resolvedRuntime(for: machine, on: shelf, plan: plan)?.subject
        let interval = try period.map(Self.seconds)
        let trace = try timeline.map { try OutputPlace($0, .file) }
        do {
            let estimator = try Estimator(device: machine, runtime: runtime)
            let workload = try workload()
            var report: EstimateReport
            switch estimator.estimate(workload) {
            case .success(let estimate):
                report = self.report(workload, estimate, by: estimator)
            case .failure(.doesNotFit(let shortages, let estimate)):
                let reasons = EstimateRefusal.doesNotFit(shortages, estimate).reasons
                report = self.report(workload, estimate, by: estimator, shortages: reasons)
            case .failure(let refusal):
                throw refusal
            }
            report.dutyCycle = try interval.map { try duty($0, report.estimate, on: machine) }
            try trace?.commit(try Timeline(report.estimate).json())
            return CommandResult(
                report: report, status: report.shortages.isEmpty ? .done : .cannotBeDone, remarks: report.shortages)
        } catch let refusal as EstimateRefusal {
            throw CommandFailure.cannotBeDone(refusal.reasons)
        }
    }

    /// The layers of a table as they stand, of a network with the recipe applied.
    private func workload() throws -> Workload {
        if let table = try WorkloadFile.workload(net.network) {
            guard recipe == nil else {
                throw CommandFailure.wrongUsage("a table of layers has no weights that a recipe could change")
            }
            guard inputs == nil else {
                throw CommandFailure.wrongUsage("a table of layers cannot be executed on inputs")
            }
            return table
        }
        let source = try NetworkSource(net.network).simplified()
        let compressed =
            try recipe.map { try calibration.applying(recipe: $0, to: source.compressed) } ?? source.compressed
        return compressed.lowered(statistics: try statistics(of: compressed))
    }

    private static func seconds(_ text: String) throws -> Seconds {
        do {
            return try Seconds.parse(text)
        } catch {
            throw CommandFailure.wrongUsage("--period: \(error.message)")
        }
    }

    /// - Throws: `CommandFailure` for a period that is too short or a device whose idle power nobody knows.
    private func duty(_ period: Seconds, _ estimate: Estimate, on machine: Device) throws -> DutyCycle {
        do {
            return try DutyCycle(estimate, period: period, facts: machine.energy)
        } catch {
            switch error {
            case .tooSlow(let seconds):
                throw CommandFailure.cannotBeDone([
                    "an inference takes \(Figures.duration(seconds)), longer than \(period)"
                ])
            case .unknownPower:
                throw CommandFailure.cannotBeDone([
                    "'\(machine.name)' states no energy of waiting: set energy.idlePower or energy.leakage"
                ])
            }
        }
    }

    private func report(
        _ workload: Workload, _ estimate: Estimate, by estimator: Estimator, shortages: [String] = []
    ) -> EstimateReport {
        EstimateReport(
            network: net.network, workload: workload, estimate: estimate, shortages: shortages,
            advice: Advisor(estimator).advice(on: workload, estimate))
    }

    /// What execution counts of the operands; nothing without inputs.
    private func statistics(of compressed: CompressedNetwork) throws -> [String: OperandStatistics] {
        guard let inputs else { return [:] }
        let network = compressed.network
        let cases = try CaseFile.open(
            inputs, for: network, normalization: try calibration.normalization.normalization())
        let interpreter = try Interpreter(network)
        let events = try interpreter.events(
            on: cases.first(limit), threads: ProcessInfo.processInfo.activeProcessorCount)
        var statistics = events.operandStatistics(of: network)
        let setBits = try interpreter.setBitFractions(on: cases.first(min(limit, Self.setBitCases)))
        for node in network.nodes {
            guard let input = node.inputs.first else { continue }
            statistics[node.name]?.activationSetBits = setBits[network[input].name]
        }
        return statistics
    }
}
