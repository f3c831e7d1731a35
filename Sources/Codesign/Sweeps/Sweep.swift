public import Compression
import Diagnostics
import Estimation
public import Execution
public import Networks
import Quantities
import Workloads

/// Compares methods of compression on one network: each compressed network is executed on labelled cases, and the very same
/// object is costed on several devices.
public struct Sweep: Sendable {
    /// A device by its name.
    public struct Target: Sendable {
        public var name: String
        public var costing: Costing

        public init(name: String, costing: Costing) {
            self.name = name
            self.costing = costing
        }
    }

    private let network: Network
    private let catalog: StepCatalog
    private let observer: any ActivationObserver
    private let cases: LabelledCases
    private let targets: [Target]
    private let threads: Int

    /// - Parameters:
    ///   - observer: calibration cases, kept apart from `cases`.
    ///   - cases: with labels.
    ///   - threads: outcomes do not depend on it.
    public init(
        network: Network, catalog: StepCatalog, observer: any ActivationObserver, cases: LabelledCases,
        targets: [Target], threads: Int
    ) {
        self.network = network
        self.catalog = catalog
        self.observer = observer
        self.cases = cases
        self.targets = targets
        self.threads = threads
    }

    /// Compresses, executes and costs; a step's refusal is an outcome.
    ///
    /// - Throws: `Diagnostic` when the cases have no labels or cannot run.
    public func outcome(of entry: SweepEntry) throws -> SweepOutcome {
        do {
            let steps = try catalog.steps(of: entry.recipe)
            let compressed = try CompressedNetwork(network).applying(steps, observing: observer)
            return SweepOutcome(entry: entry, figures: try figures(of: compressed), refusal: [])
        } catch let findings as Diagnostics {
            return SweepOutcome(entry: entry, figures: nil, refusal: findings.findings.map(\.message))
        } catch let finding as Diagnostic {
            return SweepOutcome(entry: entry, figures: nil, refusal: [finding.message])
        }
    }

    private func figures(of compressed: CompressedNetwork) throws -> SweepOutcome.Figures {
        let workload = compressed.lowered()
        let accuracy = try Interpreter(compressed.network).accuracy(on: cases, threads: threads)
        return SweepOutcome.Figures(
            accuracy: accuracy,
            weightBytes: workload.layers.reduce(0) { sum, layer in
                guard let weights = layer.weights else { return sum }
                return sum + weights.encodedSize.bytes.count + weights.parameterSize.bytes.count
            },
            macs: workload.macs, nonzeroMacs: workload.layers.reduce(0) { $0 + $1.nonzeroMacs },
            costs: targets.map { $0.cost(of: compressed) })
    }
}

extension Sweep.Target {
    fileprivate func cost(of compressed: CompressedNetwork) -> SweepOutcome.DeviceCost {
        switch costing.cost(of: compressed) {
        case .success(let costed):
            SweepOutcome.DeviceCost(
                device: name, cycles: costed.estimate.totals.cycles,
                energyJoules: costed.estimate.totals.energyFemtojoules.map { Double($0) * 1e-15 },
                reasons: costed.shortages)
        case .failure(let refusal):
            SweepOutcome.DeviceCost(device: name, cycles: nil, energyJoules: nil, reasons: refusal.reasons)
        }
    }
}

extension WorkloadLayer {
    /// Products with weights that are not zero, rounded down.
    fileprivate var nonzeroMacs: Int {
        guard let weights, weights.elements > 0 else { return macs }
        return Int(Int128(macs) * Int128(weights.nonzeroElements) / Int128(weights.elements))
    }
}
