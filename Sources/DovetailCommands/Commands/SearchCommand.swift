public import ArgumentParser
public import Codesign
import Compression
import Deployment
import Diagnostics
import Estimation
import Execution
import Foundation
import Hardware
import Networks
import Quantities
import Reporting

/// `dovetail search`: the search loop.
struct SearchCommand: DovetailSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "search",
        abstract: "Searches for the best compression of a network within budgets, and writes a deployment plan.",
        discussion: """
            Every layer's options (bits, pruning, rank) are executed on calibration cases and costed on the device; an \
            exact solver chooses one option a layer; the best few networks are executed whole on the labelled inputs, \
            and the most accurate becomes the plan. Budgets are on latency, energy, ram, flash and accuracy-drop \
            (percentage points of top-1 against the network as given). Budgets that cannot be kept together end with \
            exit status 2, the budgets in conflict and the least relaxation of each.

            EXAMPLES
              dovetail search net.onnx --device nucleo-l4r5zi --budget 'latency<=20ms' --budget 'ram<=64KiB' \\
                --inputs test.idx.gz --labels labels.idx.gz --calibrate train.idx.gz -o plan.json
              dovetail search net.tflite --device nucleo-h7a3zi-q --minimize latency --budget 'accuracy-drop<=1' \\
                --inputs cifar.bin -o plan.json
            """)

    @OptionGroup var net: NetworkArgument
    @OptionGroup var device: DeviceOptions

    @Option(
        name: .customLong("budget"),
        help: ArgumentHelp("A limit, such as 'latency<=20ms' or 'ram<=128KiB'. May be repeated.", valueName: "budget"))
    var budgets: [String] = []

    @Option(
        help: ArgumentHelp(
            "What to make small within the budgets; costs need a budget on accuracy-drop.", valueName: "quantity"))
    var minimize = BudgetedQuantity.accuracyDrop

    @Option(help: ArgumentHelp("The inputs of the cases that whole networks are judged on.", valueName: "file"))
    var inputs: String

    @Option(help: ArgumentHelp("The class of each case.", valueName: "file"))
    var labels: String?

    @Option(
        help: ArgumentHelp(
            "Inputs for ranges and probes; without it a seeded part of --inputs, kept out of the accuracy.",
            valueName: "file"))
    var calibrate: String?

    @OptionGroup var normalization: NormalizationOption

    @Option(help: ArgumentHelp("Takes the first N cases of --inputs.", valueName: "n"))
    var limit: Int?

    @Option(help: ArgumentHelp("The axes of the design space, in YAML or JSON.", valueName: "file"))
    var space: String?

    @Option(help: ArgumentHelp("Writes the option tables, integers in JSON.", valueName: "file"))
    var tables: String?

    @Option(
        help: ArgumentHelp("How many whole networks are judged at most, unless a cost is minimized.", valueName: "n"))
    var finalists = 8

    @Option(help: ArgumentHelp("Seed of the split of the inputs.", valueName: "n"))
    var seed: UInt64 = 0

    @Option(help: ArgumentHelp("How many threads work; the plan does not depend on it.", valueName: "n"))
    var threads = ProcessInfo.processInfo.activeProcessorCount

    @Option(
        name: [.customShort("o"), .customLong("output")],
        help: ArgumentHelp("The plan to write.", valueName: "plan.json"))
    var destination: String

    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard limit ?? 1 > 0 else { throw ValidationError("--limit must be positive") }
        guard threads > 0 else { throw ValidationError("--threads must be positive") }
        guard (1...64).contains(finalists) else { throw ValidationError("--finalists must be 1 to 64") }
        guard minimize == .accuracyDrop || budgets.contains(where: { $0.drop { $0 == " " }.hasPrefix("accuracy-drop") })
        else {
            throw ValidationError(
                "to minimize \(minimize.rawValue), say how much accuracy: --budget 'accuracy-drop<=1'")
        }
    }

    func perform(in surroundings: Surroundings) throws -> CommandResult {
        let start = ContinuousClock.now
        let request = try request()
        let writer = try PlanWriter(destination)
        let tablesPlace = try tables.map { try writer.place(besides: $0) }
        let shelf = try device.profiles.shelf(in: surroundings)
        let machine = try device.resolvedDevice(on: shelf).subject
        let runtime = try device.resolvedRuntime(for: machine, on: shelf)?.subject
        let source = try NetworkSource(net.network).simplified()
        guard source.compressed.history.isEmpty else {
            throw CommandFailure.wrongUsage("\(net.network) is compressed already; search on the network as given")
        }
        let network = source.compressed.network
        let cases = try SearchCases(
            inputs: inputs, labels: labels, calibrate: calibrate, normalization: normalization, limit: limit,
            seed: seed, network: network)
        try refuseUnlabelled(cases, request)
        let outcome = try outcome(
            of: request, network: network, cases: cases, on: machine, under: runtime, in: surroundings)
        try tablesPlace?.commit(try PlanWriter.encoded(outcome.tables))
        let drawing = PlanDrawing(
            network: try attachment(of: network), cases: cases.description, device: machine.name,
            runtime: runtime?.name, budgets: budgets, minimized: minimize)
        let plan = try drawing.write(outcome, with: writer)
        return CommandResult(
            report: SearchReport(
                outcome, plan: plan, seconds: start.duration(to: .now) / .seconds(1),
                clockHertz: machine.clock.hertz),
            status: outcome.status == .infeasible ? .cannotBeDone : .done)
    }

    /// - Throws: `Diagnostics` with the faults of all budgets, or of the space.
    private func request() throws -> SearchRequest {
        var findings: [Diagnostic] = []
        var limits: [Budget] = []
        for text in budgets {
            do {
                limits.append(try Budget(parsing: text))
            } catch let finding as Diagnostic {
                findings.append(finding)
            }
        }
        guard findings.isEmpty else { throw Diagnostics(findings) }
        let axes = try space.map { try SpaceFile(file: $0, bytes: Disk.read($0)).space } ?? .standard
        return SearchRequest(
            budgets: limits, minimized: minimize, space: axes, finalists: finalists, threads: threads)
    }

    private func refuseUnlabelled(_ cases: SearchCases, _ request: SearchRequest) throws {
        guard cases.evaluation.labels == nil, request.budgets.contains(where: { $0.quantity == .accuracyDrop }) else {
            return
        }
        throw CommandFailure.wrongUsage("a budget on accuracy-drop needs the class of each case: name --labels")
    }

    private func outcome(
        of request: SearchRequest, network: Network, cases: SearchCases, on machine: Device,
        under runtime: RuntimeLibrary?, in surroundings: Surroundings
    ) throws -> SearchOutcome {
        let display = SearchProgressDisplay(isWatched: surroundings.isWatched)
        defer { display.finish() }
        let probed = cases.calibration
        do {
            let costing = try Costing(device: machine, runtime: runtime, steps: network.nodes.map(\.name))
            let probes = try ProbeSet(
                network: network, cases: try (0..<probed.count).map(probed.case),
                measure: .suiting(labelled: cases.evaluation.labels != nil), threads: threads)
            let evaluator = try Evaluator(
                network: network, catalog: .standard,
                observer: CalibrationRuns(probed.first(SearchCases.observed), threads: 1))
            let search = PlanSearch(
                request: request, evaluator: evaluator, costing: costing, probes: probes,
                jury: Jury(cases: cases.evaluation), progress: { display.show($0) })
            return try search.run()
        } catch let refusal as EstimateRefusal {
            throw CommandFailure.cannotBeDone(refusal.reasons)
        }
    }

    /// The network as given: a file by its bytes, an architecture by its serialised form.
    private func attachment(of network: Network) throws -> Plan.Attachment {
        guard Disk.kind(of: net.network) == .file else {
            let digest = try CompressedNetworkFiles(CompressedNetwork(network)).digest
            return Plan.Attachment(file: net.network, digest: digest)
        }
        return try SearchCases.attachment(net.network)
    }
}

extension BudgetedQuantity: ExpressibleByArgument {}
