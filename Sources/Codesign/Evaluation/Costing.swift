package import Compression
package import Estimation
public import Hardware
import Quantities
import Scheduling
import Workloads

/// Costs compressed networks on one device under one runtime.
public struct Costing: Sendable {
    let device: Device
    let estimator: Estimator
    /// Layers of the uncompressed network in execution order: the steps of the memory budget.
    let steps: [String]

    /// A compressed network's cost, and whether the device's memories hold it.
    package struct Costed: Sendable {
        package var vector: CostVector
        package var estimate: Estimate
        /// Why the device's memories do not hold it, a sentence each; empty when they do.
        package var shortages: [String]
    }

    /// - Throws: `EstimateRefusal` for a machine without a cost model.
    public init(device: Device, runtime: RuntimeLibrary?, steps: [String]) throws {
        self.device = device
        self.steps = steps
        estimator = try Estimator(device: device, runtime: runtime)
    }

    /// The cost, or why the device cannot run the network at all.
    package func cost(of compressed: CompressedNetwork) -> Result<Costed, EstimateRefusal> {
        let workload = compressed.lowered()
        switch estimator.estimate(workload) {
        case .success(let estimate):
            return .success(costed(compressed, workload, estimate, shortages: []))
        case .failure(.doesNotFit(let shortages, let estimate)):
            let reasons = EstimateRefusal.doesNotFit(shortages, estimate).reasons
            return .success(costed(compressed, workload, estimate, shortages: reasons))
        case .failure(let refusal):
            return .failure(refusal)
        }
    }

    private func costed(
        _ compressed: CompressedNetwork, _ workload: Workload, _ estimate: Estimate, shortages: [String]
    ) -> Costed {
        let vector = CostVector(
            cycles: Int64(estimate.totals.cycles), femtojoules: Int64(estimate.totals.energyFemtojoules ?? 0),
            flashBytes: Int64(estimate.totals.flashBytes),
            liveBytes: liveBytes(compressed, workload, estimate))
        return Costed(vector: vector, estimate: estimate, shortages: shortages)
    }

    /// Bytes held while each step runs, what the runtime holds all the time included.
    private func liveBytes(_ compressed: CompressedNetwork, _ workload: Workload, _ estimate: Estimate) -> [Int64] {
        guard let problem = try? estimator.arenaProblem(of: workload) else { return steps.map { _ in 0 } }
        let always = estimate.totals.ramBytes - estimate.schedule.arena.size
        let places = Dictionary(steps.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        var bytes = steps.map { _ in Int64(always) }
        for (index, layer) in workload.layers.enumerated() {
            guard let place = places[layer.name] ?? places[compressed.origin(of: layer.name)] else { continue }
            let live = problem.buffers.filter { $0.firstLayer <= index && index <= $0.lastLayer }
            let held = live.reduce(always) { $0 + problem.extent(of: $1) }
            bytes[place] = max(bytes[place], Int64(held))
        }
        return bytes
    }
}

extension Costing {
    /// Whole cycles of the device's clock in a duration.
    func cycles(inPicoseconds picoseconds: Int64) -> Int64 {
        Int64(clamping: Int128(device.clock.hertz) * Int128(picoseconds) / 1_000_000_000_000)
    }
}
