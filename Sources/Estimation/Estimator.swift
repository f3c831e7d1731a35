public import Hardware
import Quantities
public import Scheduling
public import Workloads

/// Estimates workloads on one device with one runtime: schedule, then cost.
///
/// Prepared once; `estimate` and `cost` are pure and may be called from any thread.
public struct Estimator: Sendable {
    public let device: Device
    public let runtime: RuntimeLibrary?
    public let model: any CostModel

    /// - Throws: `EstimateRefusal` when no model covers the machine or the runtime is missing.
    public init(device: Device, runtime: RuntimeLibrary?) throws(EstimateRefusal) {
        guard device.clock.hertz > 0 else { throw .noRate(device: device.name, what: "a clock") }
        self.device = device
        self.runtime = runtime
        model = try CostModelCatalog.model(for: device, runtime: runtime)
    }

    /// Schedule and cost of a whole workload.
    public func estimate(_ workload: Workload) -> Result<Estimate, EstimateRefusal> {
        do {
            let schedule = try model.scheduler.schedule(workload)
            let layers = try model.costs(of: workload, schedule: schedule)
            if let beyond = beyondMeasure(layers) { return .failure(beyond) }
            let estimate = assemble(workload, schedule: schedule, layers: layers)
            if schedule.shortages.isEmpty, estimate.resources.allSatisfy(\.fits) { return .success(estimate) }
            return .failure(.doesNotFit(schedule.shortages, estimate))
        } catch {
            return .failure(.unsupported(error.layers))
        }
    }

    /// Cost of one layer with its data placed as in a schedule: what a search asks for each of its options.
    ///
    /// - Throws: `UnsupportedLayer` when the machine cannot run it.
    public func cost(of operands: LayerOperands, placement: Placement) throws(UnsupportedLayer) -> LayerEstimate {
        try model.cost(of: operands, placement: placement)
    }

    /// The buffers of a workload on this device; `liveSets` of the result are the RAM constraints of a search.
    ///
    /// - Throws: `UnsupportedLayers` with every layer that the device cannot run.
    public func arenaProblem(of workload: Workload) throws(UnsupportedLayers) -> ArenaProblem {
        try model.scheduler.arenaProblem(of: workload)
    }

    /// The refusal of sums that their integers cannot hold; nil for all others.
    private func beyondMeasure(_ layers: [LayerEstimate]) -> EstimateRefusal? {
        let all = layers + [model.perInference]
        let most = all.map { Double($0.cycles.total) }.reduce(0, +)
        if most >= CycleBreakdown.limit {
            return .beyondMeasure(device: device.name, what: "an inference takes 9,000,000,000,000,000 cycles or more")
        }
        let energy = all.reduce(0) { EnergyBreakdown.sum($0, $1.energy?.total.femtojoules ?? 0) }
        guard energy == Int.max else { return nil }
        return .beyondMeasure(device: device.name, what: "an inference takes 9,223 J or more")
    }

    private func assemble(_ workload: Workload, schedule: Schedule, layers: [LayerEstimate]) -> Estimate {
        let all = layers + [model.perInference]
        let cycles = all.reduce(0) { $0 + $1.cycles.total }
        let energies = all.compactMap(\.energy)
        let energy = energies.count == all.count ? energies.reduce(into: EnergyBreakdown(), +=) : nil
        let band = model.errorBand(for: all)
        let totals = Estimate.Totals(
            cycles: cycles, latencySeconds: device.clock.seconds(Cycles(cycles)), band: band, energy: energy,
            ramBytes: schedule.ramBytes, flashBytes: schedule.flashBytes,
            macs: layers.reduce(0) { $0 + $1.macs }, executedMacs: layers.reduce(0) { $0 + $1.executedMacs })
        return Estimate(
            device: device.name, runtime: runtime?.name, model: model.name, totals: totals, layers: layers,
            perInference: model.perInference, schedule: schedule, errorBand: band,
            assumptions: model.assumptions(about: workload) + workload.storageAssumptions,
            resources: schedule.resources,
            throughput: model.throughput(of: workload, schedule: schedule))
    }
}
