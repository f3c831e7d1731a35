import Codesign
import Compression
import Estimation
import Execution
import Foundation
import Hardware
import Networks
import Tensors

/// A search on the tiny network, for one of the repository's devices.
struct TinySearch {
    let network: Network
    var device: Device
    let runtime: RuntimeLibrary?
    let calibration: LabelledCases
    let evaluation: LabelledCases

    init(device name: String, network: Network? = nil) throws {
        self.network = try network ?? TinyNetwork.float()
        device = try TinySearch.library.device(named: name).subject
        runtime = try device.defaultRuntime.map { try TinySearch.library.runtime(named: $0).subject }
        calibration = try TinyNetwork.cases(12, seed: 5)
        evaluation = try TinyNetwork.cases(60, seed: 6)
    }

    static let space = DesignSpace(
        weightBits: [8, 4, 2, 1], activationBits: [8, 4],
        moves: [
            [],
            [
                LayerChoice.Move(
                    step: "magnitude-pruning", parameters: ["granularity": .text("filter"), "density": .number(0.5)])
            ],
            [
                LayerChoice.Move(
                    step: "magnitude-pruning", parameters: ["granularity": .text("weight"), "density": .number(0.5)])
            ],
        ])

    func run(
        _ budgets: [String], minimized: BudgetedQuantity = .accuracyDrop, space: DesignSpace = TinySearch.space,
        finalists: Int = 4, threads: Int = 2
    ) throws -> SearchOutcome {
        let request = SearchRequest(
            budgets: try budgets.map(Budget.init(parsing:)), minimized: minimized, space: space, finalists: finalists,
            threads: threads)
        return try PlanSearch(
            request: request, evaluator: evaluator(), costing: costing(),
            probes: ProbeSet(
                network: network,
                cases: (0..<calibration.count).map { try calibration.case(at: $0) },
                measure: .divergence, threads: threads),
            jury: Jury(cases: evaluation)
        ).run()
    }

    func evaluator() throws -> Evaluator {
        try Evaluator(network: network, catalog: .standard, observer: CalibrationRuns(calibration, threads: 1))
    }

    func costing() throws -> Costing {
        try Costing(device: device, runtime: runtime, steps: network.nodes.map(\.name))
    }

    /// The cost of the network at eight bits.
    func uncompressed() throws -> Estimate {
        let evaluator = try evaluator()
        return try estimate(evaluator.compress(evaluator.baseline))
    }

    /// An estimate that no part of the search made.
    func estimate(_ compressed: CompressedNetwork) throws -> Estimate {
        try Estimator(device: device, runtime: runtime).estimate(compressed.lowered()).get()
    }

    private static let library: ProfileLibrary = {
        let folder = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appending(path: "HardwareProfiles")
        var profiles: [String: Data] = [:]
        let paths = (try? FileManager.default.subpathsOfDirectory(atPath: folder.path)) ?? []
        for path in paths where path.hasSuffix(".yaml") {
            profiles[String(path.dropLast(5))] = try? Data(contentsOf: folder.appending(path: path))
        }
        return ProfileLibrary(profiles: profiles)
    }()
}
