import Foundation
import Hardware
import Quantities
public import Scheduling
public import Workloads

/// A runtime library whose loops nobody can read, on an in-order core: costs by class of work, from measured networks.
///
/// Cycles of a layer = sum over classes of work of amount times cost, plus waits for its weights: lines of the weight memory
/// times the cycles to fill one, each line once, none behind a memory that prefetches for data while the core computes.
/// Re-reads of weights, waits for activations and instructions are inside the fitted costs.
/// It is *not* a model of the library's kernels: remainders of channels and cache sizes have no cost of their own.
/// The error band: relative deviations by class add as squares over the shares of the time, 80 % of a normal distribution.
public struct MeasuredRuntime: CostModel {
    public let name = "measuredRuntime"
    public let scheduler: Scheduler
    private let library: RuntimeLibrary
    private let work: MeasuredWork
    private let core: CoreWork
    private let costs: SIMD16<Double>
    private let paths: [String: MemoryPath]
    private let energy: ProcessorEnergy

    /// Beyond it nothing is known: an interval of a factor of 600 on either side.
    private static let largestDeviation = 5.0

    init(device: Device, runtime library: RuntimeLibrary, work: MeasuredWork, core: CoreWork) {
        self.library = library
        self.work = work
        self.core = core
        var costs = SIMD16<Double>()
        for (work, cost) in core.costs { costs[work.position] = cost.value }
        self.costs = costs
        scheduler = Scheduler(device: device, engine: MeasuredEngine(library, costs: core))
        paths = Dictionary(
            device.memories.map { ($0.name, MemoryPath($0, device: device)) }, uniquingKeysWith: { first, _ in first })
        energy = ProcessorEnergy(facts: device.energy, clock: device.clock, runtime: library.name)
    }

    public func cost(of operands: LayerOperands, placement: Placement) throws(UnsupportedLayer) -> LayerEstimate {
        let layer = operands.layer
        guard case .kernel(let kernel, _) = try scheduler.engine.form(for: operands).get().form else {
            return LayerEstimate(
                name: layer.name, kernel: "none", cycles: CycleBreakdown(), energy: energy.isKnown ? .init() : nil,
                utilization: 0, macs: 0, executedMacs: 0)
        }
        let layerWork = LayerWork(of: operands, dropsDeadChannels: work.dropsDeadChannels)
        let (cycles, bytes) = cycles(of: layerWork, weights: placement.weights.flatMap { paths[$0] })
        let macs = Int(min(layerWork.macs.rounded(), CycleBreakdown.limit))
        let activity = ProcessorEnergy.Activity(
            cycles: cycles, instructions: Double(cycles[.compute]), macs: macs, weightBytes: bytes, activationBytes: 0)
        return LayerEstimate(
            name: layer.name, kernel: kernel, cycles: cycles,
            energy: energy.energy(
                of: activity, weights: placement.weights.flatMap { paths[$0]?.memory },
                activations: placement.activations.flatMap { paths[$0]?.memory }, layer: layer),
            utilization: Double(cycles[.multiplication]) / Double(max(1, cycles.total)), macs: layer.macs,
            executedMacs: macs)
    }

    public var perInference: LayerEstimate {
        LayerEstimate(
            name: "inference", kernel: library.name, cycles: CycleBreakdown(), energy: energy.isKnown ? .init() : nil,
            utilization: 0, macs: 0, executedMacs: 0)
    }

    public func assumptions(about workload: Workload) -> [String] {
        let rows = core.rows
        let basis =
            switch core.standing {
            case .measured: "fitted to \(rows) networks measured with this version on this core and its relations"
            case .transferred:
                "carried over from other cores and versions: this version was not measured on \(core.core)"
            }
        return [
            "The costs of \(library.name) are \(basis).",
            "Every line of weights is waited for once; waits for activations are inside the fitted costs.",
            "Working memory of windows is two windows of 16-bit elements; code and descriptors are of the usual order.",
        ] + energy.assumptions
    }

    public func errorBand(for layers: [LayerEstimate]) -> ErrorBand {
        var cycles = [Int](repeating: 0, count: WorkClass.allCases.count)
        for layer in layers {
            guard let main = WorkClass(rawValue: layer.kernel) else { continue }
            cycles[main.position] += layer.cycles.total
        }
        let deviation = min(core.deviation(cycles: cycles), Self.largestDeviation)
        let ratio = exp(deviation * ErrorBand.normalQuantile)
        return ErrorBand(
            status: core.standing == .measured ? .calibrated : .transferred, lowestRatio: 1 / ratio,
            highestRatio: ratio, rows: core.rows,
            origin: "\(library.name) on \(core.core), from networks left out of the fit")
    }

    /// Cycles by cause with a rounded sum, and the bytes of weights that were read.
    private func cycles(of work: LayerWork, weights path: MemoryPath?) -> (CycleBreakdown, Int) {
        let parts = work.amounts * costs
        var cycles = CycleBreakdown()
        let calls = parts[WorkClass.call.position]
        let gathering = parts[WorkClass.gathered.position]
        let outputs = parts[WorkClass.output.position] + parts[WorkClass.element.position]
        let products = parts.sum() - calls - gathering - outputs
        cycles[.multiplication] = rounded(products)
        cycles[.gathering] = rounded(gathering)
        cycles[.requantization] = rounded(outputs)
        cycles[CycleCause.overhead] = rounded(calls)
        guard let path, work.weightBytes > 0 else { return (cycles, 0) }
        let bytes = rounded(work.weightBytes)
        let stall = path.streamStall(bytes: bytes, busyCycles: parts.sum())
        cycles[.weightFetch] = rounded(stall)
        return (cycles, bytes)
    }

    private func rounded(_ cycles: Double) -> Int {
        Int(min(cycles.rounded(), CycleBreakdown.limit))
    }
}

extension CoreWork {
    /// Relative standard deviation of the time of layers that take so many cycles by the class of their main work.
    func deviation(cycles: [Int]) -> Double {
        let total = cycles.reduce(0) { $0 + Double($1) }
        guard total > 0 else { return 0 }
        let variance = WorkClass.allCases.reduce(0) { sum, main in
            let part = Double(cycles[main.position]) / total * (spread[main] ?? 1)
            return sum + part * part
        }
        return variance.squareRoot()
    }
}
