import Hardware
import Quantities
import Scheduling
import Tensors
import Workloads

/// What the models of sparse and of bit-serial arrays share: the memories behind, the energy, and layers without products.
struct LaneMachine: Sendable {
    /// What a layer's products take.
    struct Run {
        var kernel: String
        var cycles: CycleBreakdown
        var executedMacs: Int
        var products: Double
        /// Widths of the operands that a product of the lanes stands for.
        var multipliedBits: (weights: Int, activations: Int)
        var utilization: Double
        var weightBits: Int
        var weightReadBits: Int
        var activationReadBits: Int
    }

    let memory: MemoryBehind
    private let energy: LaneEnergy
    private let outputsPerCycle: Int

    init(_ device: Device, weightBuffer: Bytes, activationBuffer: Bytes, outputsPerCycle: Int) {
        memory = MemoryBehind(device, weightBuffer: weightBuffer, activationBuffer: activationBuffer)
        energy = LaneEnergy(device)
        self.outputsPerCycle = max(1, outputsPerCycle)
    }

    func estimate(_ run: Run, of operands: LayerOperands, _ placement: Placement) -> LayerEstimate {
        let traffic = memory.traffic(
            MemoryBehind.Operands(
                weightBits: run.weightBits, inputBits: operands.inputs.reduce(0) { $0 + $1.size.count * 8 },
                outputBits: operands.outputs.reduce(0) { $0 + $1.size.count * 8 }, weightReadBits: run.weightReadBits,
                activationReadBits: run.activationReadBits))
        var cycles = run.cycles
        let computing = cycles.total
        cycles[.memoryBandwidth] = memory.stall(traffic, placement, computing: computing)
        let activity = LaneEnergy.Activity(
            cycles: cycles.total, products: run.products, weightBits: run.multipliedBits.weights,
            activationBits: run.multipliedBits.activations, weightReadBits: run.weightReadBits,
            activationReadBits: run.activationReadBits, traffic: traffic)
        let busy = run.utilization * Double(computing) / Double(max(1, cycles.total))
        return LayerEstimate(
            name: operands.layer.name, kernel: run.kernel, cycles: cycles,
            energy: energy.energy(of: activity, placement), utilization: min(1, busy), macs: operands.layer.macs,
            executedMacs: run.executedMacs)
    }

    /// A layer without products: one element a cycle for each output that the array computes at once.
    func stream(_ elements: Int, of operands: LayerOperands, _ placement: Placement) -> LayerEstimate {
        var cycles = CycleBreakdown()
        cycles[.elementStream] = (elements + outputsPerCycle - 1) / outputsPerCycle
        let bits = (operands.inputs + operands.outputs).reduce(0) { $0 + $1.size.count * 8 }
        let run = Run(
            kernel: "stream", cycles: cycles, executedMacs: 0, products: 0, multipliedBits: (1, 1), utilization: 0,
            weightBits: 0,
            weightReadBits: 0, activationReadBits: bits)
        return estimate(run, of: operands, placement)
    }

    /// What the energy takes for granted, one sentence each.
    var assumptions: [String] { energy.assumptions }

    /// A layer or a run that takes nothing.
    func nothing(named name: String) -> LayerEstimate {
        LayerEstimate(
            name: name, kernel: "none", cycles: CycleBreakdown(), energy: energy.isKnown ? .init() : nil,
            utilization: 0, macs: 0, executedMacs: 0)
    }
}
