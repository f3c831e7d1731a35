import Hardware
import Quantities
public import Scheduling
public import Workloads

/// An array that skips products with zeros, in one of four styles (`SparseArray.Skipping`).
///
/// Cycles are the closed forms of `SkippingCost`, by style: work left after skipping, shared out, and what the others wait
/// for the fullest element; then whatever the memory behind takes longer. Formulas follow the papers of EIE (ISCA 2016),
/// Cnvlutin (ISCA 2016) and SCNN (ISCA 2017). It is *not* a simulator: zeros are independent of each other and of the
/// other operand, pipelines are filled once and free, and nothing in it is fitted to a network. One constant, of queues that
/// wait for each other, comes from an exact simulation of such queues.
public struct SparseArrayModel: CostModel {
    public let name = "sparseArray"
    public let scheduler: Scheduler
    private let array: SparseArray
    private let machine: LaneMachine

    init(device: Device, array: SparseArray) throws(EstimateRefusal) {
        self.array = array
        scheduler = Scheduler(device: device, engine: array)
        machine = LaneMachine(
            device, weightBuffer: array.weightBuffer, activationBuffer: array.activationBuffer,
            outputsPerCycle: array.elements)
        if let memory = machine.memory.stopped {
            throw .noRate(device: device.name, what: "a bandwidth of memory '\(memory.name)'")
        }
    }

    public func cost(of operands: LayerOperands, placement: Placement) throws(UnsupportedLayer) -> LayerEstimate {
        let form = try array.form(for: operands).get().form
        if case .skipping(let run) = form { return cost(of: operands, run, placement) }
        if case .stream(let elements) = form { return machine.stream(elements, of: operands, placement) }
        return machine.nothing(named: operands.layer.name)
    }

    public var perInference: LayerEstimate { machine.nothing(named: "inference") }

    public func assumptions(about workload: Workload) -> [String] {
        let layers = workload.layers.filter { $0.macs > 0 }
        var sentences = ["Zeros of activations and of weights are independent of each other."]
        if layers.contains(where: { $0.activationZeros == nil }), array.skipping != .structuredBlocks {
            sentences.append("Activations of layers whose zeros nobody counted are taken to have none.")
        }
        if layers.contains(where: { $0.activationZeros?.origin == .assumed }) {
            sentences.append("The zeros of some activations are assumed, not counted.")
        }
        if layers.contains(where: { $0.weights?.nonzeros == nil }) {
            switch array.skipping {
            case .compressedColumns:
                sentences.append("Where only their density is known, weights are spread at random over the outputs.")
            case .structuredBlocks:
                sentences.append("Where only their density is known, weights are taken to have no N:M structure.")
            case .activationLanes, .cartesianProducts: break
            }
        }
        if layers.contains(where: { $0.computeClass != .fullyConnected }), array.skipping == .compressedColumns {
            sentences.append("A convolution runs as one product of a matrix and a vector for each output pixel.")
        }
        if workload.layers.contains(where: { $0.macs == 0 && $0.computeClass != .free }) {
            sentences.append("Layers without products stream one element a cycle through each element.")
        }
        return sentences + machine.assumptions
    }

    private func cost(of operands: LayerOperands, _ run: SkippingRun, _ placement: Placement) -> LayerEstimate {
        let layer = operands.layer
        var cycles = CycleBreakdown()
        cycles[.multiplication] = run.balancedCycles
        cycles[.loadImbalance] = run.imbalanceCycles
        let peak = Double(array.productsPerCycle) * Double(max(1, run.cycles))
        return machine.estimate(
            LaneMachine.Run(
                kernel: array.skipping.rawValue, cycles: cycles, executedMacs: run.executedProducts,
                products: Double(run.executedProducts),
                multipliedBits: (layer.weights?.elementBits ?? operands.inputBits, operands.inputBits),
                utilization: Double(run.executedProducts) / peak,
                weightBits: run.storedWeightBits, weightReadBits: run.weightReadBits,
                activationReadBits: run.activationReadBits), of: operands, placement)
    }
}
