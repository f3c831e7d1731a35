import Hardware
import Quantities
public import Scheduling
public import Workloads

/// An in-order core that runs the kernels of a runtime library.
///
/// Cycles = the kernel's loops times the core's issue costs, plus waits for lines that no cache holds, plus calls.
/// It is *not* a pipeline simulator: there are no hazards between instructions beyond what their costs state, no branch
/// prediction, no contention between masters on a bus, no interrupts; instructions are taken to come without waits,
/// stores to drain through a write buffer, caches to be fully associative. Closed runtimes, whose loops nobody can
/// read, are outside it. Nothing in it is fitted to measurements.
public struct InOrderProcessor: CostModel {
    public let name = "inOrderProcessor"
    public let scheduler: Scheduler
    private let runtime: PreparedRuntime
    private let paths: [String: MemoryPath]
    private let energy: ProcessorEnergy

    init(device: Device, core: Core, runtime library: RuntimeLibrary) {
        runtime = PreparedRuntime(library, on: core)
        scheduler = Scheduler(device: device, engine: runtime)
        paths = Dictionary(
            device.memories.map { ($0.name, MemoryPath($0, device: device)) }, uniquingKeysWith: { first, _ in first })
        energy = ProcessorEnergy(facts: device.energy, clock: device.clock)
    }

    public func cost(of operands: LayerOperands, placement: Placement) throws(UnsupportedLayer) -> LayerEstimate {
        let layer = operands.layer
        guard let (index, run) = try runtime.choice(for: operands).get() else {
            return LayerEstimate(
                name: layer.name, kernel: "none", cycles: CycleBreakdown(), energy: energy.isKnown ? .init() : nil,
                utilization: 0, macs: 0, executedMacs: 0)
        }
        let prepared = runtime.kernels[index]
        var activity = ProcessorEnergy.Activity(
            cycles: issue(prepared, run), instructions: prepared.instructions(run) + runtime.perLayer.instructions,
            macs: layer.macs > 0 ? run.products : 0, weightBytes: 0, activationBytes: 0)
        addStalls(to: &activity, OperandNest(prepared.loops, run, on: operands, storage: runtime.storage), placement)
        let cycles = activity.cycles
        let share = Double(cycles[.multiplication]) / Double(max(1, cycles.total))
        return LayerEstimate(
            name: layer.name, kernel: prepared.name, cycles: cycles,
            energy: energy.energy(
                of: activity, weights: memory(placement.weights), activations: memory(placement.activations)),
            utilization: layer.macs > 0 ? share : 0, macs: layer.macs, executedMacs: activity.macs)
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
            "Caches replace the least recently used line and are taken as fully associative.",
        ]
        if runtime.core.count > 1 {
            sentences.append("One of the \(runtime.core.count) cores works; the others wait.")
        }
        if energy.facts.activePower != nil {
            sentences.append(
                "The power of the supply rail is known only as a whole: its energy is shared among components by cycles."
            )
        }
        return sentences
    }

    /// Cycles without waits, rounded so that their sum is the rounded sum.
    private func issue(_ kernel: PreparedKernel, _ run: KernelRun) -> CycleBreakdown {
        let (iterations, leftovers) = (Double(run.iterations), Double(run.leftovers))
        let (inner, tail) = (kernel.inner, kernel.perLeftover)
        var cycles = CycleBreakdown()
        var sum = 0.0
        func add(_ cause: CycleCause, _ time: Double) {
            cycles[cause] = rounded(sum + time) - rounded(sum)
            sum += time
        }
        add(.multiplication, iterations * inner.multiplication + leftovers * tail.multiplication)
        add(.operandTransfer, iterations * inner.transfer + leftovers * tail.transfer)
        let indexWords = Double(run.indexWords) * kernel.perIndexWord.total
        add(.unpacking, iterations * inner.unpacking + leftovers * tail.unpacking + indexWords)
        let loops = Double(run.blocks) * kernel.perBlock.total + Double(run.taps) * kernel.perTap.total
        add(.loopControl, iterations * inner.control + leftovers * tail.control + loops)
        add(.gathering, Double(run.gathered) * kernel.perGathered.total)
        add(.requantization, Double(run.outputs) * kernel.perOutput.total)
        add(.overhead, Double(run.rows) * kernel.perRow.total + kernel.perCall.total + runtime.perLayer.total)
        return cycles
    }

    private func addStalls(to activity: inout ProcessorEnergy.Activity, _ nest: OperandNest, _ placement: Placement) {
        let weights = placement.weights.flatMap { paths[$0] }
        let activations = placement.activations.flatMap { paths[$0] }
        let shared = weights.flatMap { path in activations.map(path.shares) } ?? false
        let busy = Double(activity.cycles.total)
        if let weights {
            let (cycles, bytes) = weights.stall(busyCycles: busy) { lines, lineBytes in
                nest.weightFetches(lines: lines, lineBytes: lineBytes, withActivations: shared)
            }
            activity.cycles[.weightFetch] = rounded(cycles)
            activity.weightBytes = bytes
        }
        if let activations {
            let (cycles, bytes) = activations.stall(busyCycles: busy) { lines, lineBytes in
                nest.inputFetches(lines: lines, lineBytes: lineBytes, withWeights: shared)
            }
            activity.cycles[.activationFetch] = rounded(cycles)
            activity.activationBytes = bytes
        }
    }

    private func memory(_ name: String?) -> Memory? {
        name.flatMap { paths[$0]?.memory }
    }

    private func rounded(_ cycles: Double) -> Int {
        Int(min(cycles.rounded(), CycleBreakdown.limit))
    }
}
