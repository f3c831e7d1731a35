import Hardware
import Quantities
public import Scheduling
import Tensors
public import Workloads

/// A block-based neural processor of the Ethos-U kind: blocks, a decoded weight stream, staging memory.
///
/// Blocks, cycles, traffic and staging follow the vendor's published compiler (Vela 5.2.0, its default optimization for
/// performance); a step takes the slowest of the engine and of each memory port. It is *not* silicon: the vendor's own
/// estimate knows no contention with a host, no refresh, no cycles of the host core. It is *not* the compiler either:
/// weight streams are sized from their entropy, cascades keep whole blocks, layers that the compiler rewrites in
/// other ways than described here (transposes, unusual resizes, grouped splits) are copies. Nothing in it is fitted.
public struct NeuralProcessorModel: CostModel {
    public let name = "neuralProcessor"
    public let scheduler: Scheduler
    private let device: Device
    private let engine: NeuralProcessor
    private let timing: BlockTiming

    /// - Throws: `EstimateRefusal.noRate` for a memory without a rate.
    init(device: Device, engine: NeuralProcessor) throws(EstimateRefusal) {
        for memory in device.memories where MemoryPort(memory, index: 0, clock: device.clock) == nil {
            throw .noRate(device: device.name, what: "the rate of memory '\(memory.name)'")
        }
        self.device = device
        self.engine = engine
        timing = BlockTiming(engine)
        scheduler = Scheduler(device: device, engine: engine)
    }

    /// One layer alone: its maps lie as in the middle of a network, and the layer before hides the first weights.
    public func cost(of operands: LayerOperands, placement: Placement) throws(UnsupportedLayer) -> LayerEstimate {
        do {
            return try costs(of: Workload(alone: operands), placement: placement, isAlone: true)[0]
        } catch {
            throw error.layers[0]
        }
    }

    public func costs(of workload: Workload, schedule: Schedule) throws(UnsupportedLayers) -> [LayerEstimate] {
        try costs(of: workload, placement: schedule.placement, isAlone: false)
    }

    public var perInference: LayerEstimate {
        LayerEstimate(
            name: "inference", kernel: "none", cycles: CycleBreakdown(), energy: nil, utilization: 0, macs: 0,
            executedMacs: 0)
    }

    public func assumptions(about workload: Workload) -> [String] {
        var sentences = [
            "Cycles are those of the vendor's published estimate, with every transfer overlapped and no other master.",
            "A sum of two operands takes one grid from another; operands of unlike extents are multiplied.",
        ]
        let weighted = workload.layers.compactMap(\.weights)
        if engine.decodesWeights, weighted.contains(where: { $0.entropyBits == nil }) {
            sentences.append("Weights of unknown values are taken as incompressible: every value is equally likely.")
        }
        if engine.decodesWeights, weighted.contains(where: { $0.entropyBits != nil }) {
            sentences.append(
                "The weight stream takes its entropy and \(WeightStream.redundancy) bits more for each weight.")
        }
        if workload.layers.contains(where: { BlockProgram.isHosted($0, in: workload) }) {
            sentences.append("Layers of reals run on the host core, whose cycles are not counted.")
        }
        return sentences
    }

    private func costs(
        of workload: Workload, placement: Placement, isAlone: Bool
    ) throws(UnsupportedLayers) -> [LayerEstimate] {
        let plan = try NetworkPlan(workload, on: engine)
        var cycles = [CycleBreakdown](repeating: CycleBreakdown(), count: workload.layers.count)
        if let memories = EngineMemories(device, engine, placement: placement) {
            let pass = PlanPass(plan, timing: timing, memories: memories, isAlone: isAlone)
            for (step, cost) in zip(pass.plan.steps, pass.costs()) { cycles[step.layer] += cost.cycles }
        }
        return workload.layers.indices.map { index in
            let (layer, cycles) = (workload.layers[index], cycles[index])
            let peak = Double(engine.macsPerCycle) * Double(max(1, cycles.total))
            return LayerEstimate(
                name: layer.name, kernel: plan.kernels[index], cycles: cycles, energy: nil,
                utilization: min(1, Double(layer.macs) / peak), macs: layer.macs, executedMacs: layer.macs)
        }
    }
}

extension Workload {
    /// One layer between two others.
    fileprivate init(alone operands: LayerOperands) {
        var layer = operands.layer
        var tensors = operands.inputs + operands.outputs
        layer.inputs = Array(operands.inputs.indices)
        layer.outputs = operands.outputs.indices.map { $0 + operands.inputs.count }
        for index in tensors.indices {
            let isInput = index < operands.inputs.count
            tensors[index].aliasOf = nil
            tensors[index].producer = isInput ? tensors[index].producer.map { _ in 0 } : 0
            tensors[index].consumers = !isInput ? [] : tensors[index].consumers.count > 1 ? [0, 0] : [0]
        }
        self.init(name: layer.name, layers: [layer], tensors: tensors)
    }
}
