import ArgumentParser
import Compression
import Estimation
import Hardware
import Reporting
import Workloads

/// `dovetail estimate`: what a network costs on a device.
struct EstimateCommand: DovetailSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "estimate",
        abstract: "Estimates cycles, energy and memory of a network on a device, layer by layer.",
        discussion: """
            With --recipe the compressed network is costed, the same object that 'run' would execute. A network that \
            does not fit, and a device without a cost model, end with exit status 2 and the reasons.

            EXAMPLES
              dovetail estimate net.tflite --device nucleo-l4r5zi
              dovetail estimate net.tflite --device nucleo-l4r5zi --runtime cmsis-nn
              dovetail estimate net.tflite --device systolic-16x16-os --set array.rows=8
              dovetail estimate net.onnx --device unit --recipe r.yaml --calibrate x.npy
              dovetail estimate topology.csv --device systolic-32x32-ws
              dovetail estimate plan.json
            """)

    @OptionGroup var net: NetworkArgument
    @OptionGroup var device: DeviceOptions

    @Option(help: ArgumentHelp("A recipe in YAML or JSON, applied before costing.", valueName: "file"))
    var recipe: String?

    @OptionGroup var calibration: CalibrationOptions
    @OptionGroup var output: OutputOptions

    func perform(in surroundings: Surroundings) throws -> CommandResult {
        let shelf = try device.profiles.shelf(in: surroundings)
        let plan = try PlanFile(net.network)?.plan
        let machine = try device.resolvedDevice(on: shelf, plan: plan).subject
        let runtime = try device.resolvedRuntime(for: machine, on: shelf, plan: plan)?.subject
        do {
            let estimator = try Estimator(device: machine, runtime: runtime)
            let workload = try workload()
            switch estimator.estimate(workload) {
            case .success(let estimate):
                return CommandResult(
                    report: EstimateReport(
                        network: net.network, workload: workload, estimate: estimate, shortages: []))
            case .failure(.doesNotFit(let shortages, let estimate)):
                let reasons = EstimateRefusal.doesNotFit(shortages, estimate).reasons
                return CommandResult(
                    report: EstimateReport(
                        network: net.network, workload: workload, estimate: estimate, shortages: reasons),
                    status: .cannotBeDone, remarks: reasons)
            case .failure(let refusal):
                throw refusal
            }
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
            return table
        }
        let source = try NetworkSource(net.network).simplified()
        let compressed =
            try recipe.map { try calibration.applying(recipe: $0, to: source.compressed) } ?? source.compressed
        return compressed.lowered()
    }
}
