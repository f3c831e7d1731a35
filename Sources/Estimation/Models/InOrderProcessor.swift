import Hardware
import Quantities
public import Scheduling
public import Workloads

/// One or several cores, in order or superscalar, that run the kernels of a runtime library.
///
/// Cycles = the kernel's loops times the core's issue costs, plus waits for lines that no cache holds, plus calls. The
/// pieces of a kernel's layer go to the cores in turn, and the core with most pieces decides: `ceil(pieces / cores) /
/// pieces` of the work; what a memory delivers is not divided, as they share its bandwidth.
/// It is *not* a pipeline simulator: there are no hazards between instructions beyond what their costs state, no branch
/// prediction, no contention between masters on a bus, no interrupts; instructions are taken to come without waits,
/// stores to drain through a write buffer, inputs to fill the sets of a cache evenly. Of an out-of-order core only the limits of
/// throughput are known: issue slots, memory ports, multiply units; latencies count as hidden. Closed runtimes, whose
/// loops nobody can read, are outside it. Nothing in it is fitted to measurements.
public struct InOrderProcessor: CostModel {
    public let name: String
    public let scheduler: Scheduler
    private let runtime: PreparedRuntime
    /// The ways to the memories; few, so that a search by name is shorter than a hash.
    private let paths: [MemoryPath]
    private let energy: ProcessorEnergy

    init(device: Device, core: Core, runtime library: RuntimeLibrary) {
        runtime = PreparedRuntime(library, on: core)
        scheduler = Scheduler(device: device, engine: runtime)
        paths = device.memories.map { MemoryPath($0, device: device) }
        switch core.pipeline {
        case .inOrder: name = "inOrderProcessor"
        case .outOfOrder: name = "superscalarProcessor"
        }
        energy = ProcessorEnergy(facts: device.energy, clock: device.clock, runtime: library.name)
    }

    public func cost(of operands: LayerOperands, placement: Placement) throws(UnsupportedLayer) -> LayerEstimate {
        let layer = operands.layer
        guard let (index, run) = try runtime.choice(for: operands).get() else {
            return LayerEstimate(
                name: layer.name, kernel: "none", cycles: CycleBreakdown(), energy: energy.isKnown ? .init() : nil,
                utilization: 0, macs: 0, executedMacs: 0)
        }
        let prepared = runtime.kernels[index]
        let share = runtime.largestShare(of: run, kernel: index)
        var activity = ProcessorEnergy.Activity(
            cycles: issue(prepared, run, share: share),
            instructions: prepared.instructions(run) + runtime.perLayer.instructions,
            macs: layer.macs > 0 ? run.products : 0, weightBytes: 0, activationBytes: 0)
        let nest = OperandNest(prepared.loops, run, on: operands, storage: runtime.storage)
        addStalls(to: &activity, nest, placement, share: share)
        let cycles = activity.cycles
        let busy = Double(cycles[.multiplication]) / Double(max(1, cycles.total))
        return LayerEstimate(
            name: layer.name, kernel: prepared.name, cycles: cycles,
            energy: energy.energy(
                of: activity, weights: memory(placement.weights), activations: memory(placement.activations),
                layer: layer),
            utilization: layer.macs > 0 ? busy : 0, macs: layer.macs, executedMacs: activity.macs)
    }

    public var perInference: LayerEstimate {
        var cycles = CycleBreakdown()
        cycles[CycleCause.overhead] = rounded(runtime.perInference.total)
        let activity = ProcessorEnergy.Activity(
            cycles: cycles, instructions: runtime.perInference.instructions, macs: 0, weightBytes: 0,
            activationBytes: 0)
        return LayerEstimate(
            name: "inference", kernel: runtime.library.name, cycles: cycles,
            energy: energy.energy(of: activity, weights: nil, activations: nil), utilization: 0, macs: 0,
            executedMacs: 0)
    }

    public func assumptions(about workload: Workload) -> [String] {
        var sentences = [
            "Instructions are fetched without waits, and stores drain through a write buffer.",
            "Caches replace the least recently used line, and inputs fill their sets evenly.",
        ]
        if runtime.core.count > 1 {
            let isShared = runtime.kernels.contains { $0.loops.parallelism != .none }
            sentences.append(
                isShared
                    ? "The \(runtime.core.count) cores take pieces of a layer in turn and share the memory's bandwidth."
                    : "One of the \(runtime.core.count) cores works; the others wait.")
        }
        switch runtime.core.pipeline {
        case .inOrder: break
        case .outOfOrder: sentences.append("The out-of-order core hides every latency between instructions.")
        }
        return sentences + energy.assumptions
    }

    /// The comparison of this runtime with boards of this core, or else the device's own.
    public func errorBand(for layers: [LayerEstimate]) -> ErrorBand {
        (runtime.library.calibrations[runtime.core.name] ?? scheduler.device.calibration).map(ErrorBand.init)
            ?? .uncalibrated
    }

    /// Cycles without waits, rounded so that their sum is the rounded sum.
    private func issue(_ kernel: PreparedKernel, _ run: KernelRun, share: Double) -> CycleBreakdown {
        let (iterations, leftovers) = (Double(run.iterations), Double(run.leftovers))
        let (inner, tail) = (kernel.inner, kernel.perLeftover)
        var cycles = CycleBreakdown()
        var sum = 0.0
        func add(_ cause: CycleCause, _ time: Double) {
            cycles[cause] = rounded(sum + time * share) - rounded(sum)
            sum += time * share
        }
        add(.multiplication, iterations * inner.multiplication + leftovers * tail.multiplication)
        add(.operandTransfer, iterations * inner.transfer + leftovers * tail.transfer)
        let indexWords = Double(run.indexWords) * kernel.perIndexWord.total
        add(.unpacking, iterations * inner.unpacking + leftovers * tail.unpacking + indexWords)
        let loops = Double(run.blocks) * kernel.perBlock.total + Double(run.taps) * kernel.perTap.total
        add(.loopControl, iterations * inner.control + leftovers * tail.control + loops)
        add(.gathering, Double(run.gathered) * kernel.perGathered.total)
        add(.requantization, Double(run.outputs) * kernel.perOutput.total)
        let fork = share < 1 ? runtime.perFork.total : 0
        let calls = kernel.perCall.total + runtime.perLayer.total + fork
        add(.overhead, Double(run.rows) * kernel.perRow.total + calls / share)
        return cycles
    }

    private func addStalls(
        to activity: inout ProcessorEnergy.Activity, _ nest: OperandNest, _ placement: Placement, share: Double
    ) {
        let weights = path(placement.weights)
        let activations = path(placement.activations)
        let shared = weights.flatMap { path in activations.map(path.shares) } ?? false
        var free = Double(activity.cycles.total)
        func waiting(_ traffic: MemoryPath.Traffic, _ path: MemoryPath) -> Int {
            let hits = traffic.hitCycles * share
            guard path.memory.prefetch else { return rounded(hits + traffic.fillCycles) }
            // Lines come ahead of their use on all ways at once: the slowest binds, behind computation.
            let transfer = max(hits, traffic.fillCycles)
            let hidden = min(transfer, free)
            if placement.weights == placement.activations { free -= hidden }
            return rounded(transfer - hidden)
        }
        if let weights {
            let traffic = weights.traffic { cache, isLast in
                nest.isBlocked && isLast
                    ? nest.blockedFetches(lines: cache.lines, lineBytes: cache.lineBytes).weights
                    : nest.weightFetches(
                        lines: cache.lines, ways: cache.ways, lineBytes: cache.lineBytes, withActivations: shared)
            }
            activity.cycles[.weightFetch] = waiting(traffic, weights)
            activity.weightBytes = traffic.bytes
        }
        if let activations {
            var traffic = activations.traffic { cache, isLast in
                nest.isBlocked && isLast
                    ? nest.blockedFetches(lines: cache.lines, lineBytes: cache.lineBytes).input
                    : nest.inputFetches(lines: cache.lines, lineBytes: cache.lineBytes, withWeights: shared)
            }
            traffic.fillCycles += Double(activations.writeBacks(nest)) * activations.fillCycles
            activity.cycles[.activationFetch] = waiting(traffic, activations)
            activity.activationBytes = traffic.bytes
        }
    }

    private func path(_ name: String?) -> MemoryPath? {
        guard let name else { return nil }
        return paths.first { $0.memory.name == name }
    }

    private func memory(_ name: String?) -> Memory? {
        path(name)?.memory
    }

    private func rounded(_ cycles: Double) -> Int {
        Int(min(cycles.rounded(), CycleBreakdown.limit))
    }
}
