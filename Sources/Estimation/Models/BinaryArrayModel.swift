import Hardware
import Quantities
public import Scheduling
import Tensors
public import Workloads

/// An array of XNOR-popcount elements with a store for weights and a memory behind it.
///
/// A layer takes `pixels x ceil(filters / elements) x weight bits x activation bits` passes of `ceil(window / word bits)`
/// cycles and the array's overhead each: 66 cycles for 64 words on 8 elements of 32 bits, as that array takes in Verilog
/// simulation. Weights beyond the store are fetched again for every pixel; what the memory delivers later than the array
/// counts is stall. It is *not* a model of a processor beside the array: thresholds and stores are hidden behind the next
/// pass, layers without products stream one element a cycle through each element of the array.
public struct BinaryArrayModel: CostModel {
    public let name = "binaryArray"
    public let scheduler: Scheduler
    private let array: BinaryArray
    private let bytesPerCycle: Double
    private let facts: EnergyFacts
    private let rail: ProcessorEnergy

    /// - Throws: `EstimateRefusal.noRate` for a memory bandwidth of zero.
    init(device: Device, array: BinaryArray) throws(EstimateRefusal) {
        guard array.memoryBandwidth.bytesPerCycle(at: device.clock) > 0 else {
            throw .noRate(device: device.name, what: "a memory bandwidth")
        }
        self.array = array
        scheduler = Scheduler(device: device, engine: array)
        bytesPerCycle = array.memoryBandwidth.bytesPerCycle(at: device.clock)
        facts = device.energy
        rail = ProcessorEnergy(facts: device.energy, clock: device.clock)
    }

    public func cost(of operands: LayerOperands, placement: Placement) throws(UnsupportedLayer) -> LayerEstimate {
        let layer = operands.layer
        var cycles = CycleBreakdown()
        let bytes = (operands.inputs + operands.outputs).reduce(0) { $0 + $1.size.count }
        let form = try array.form(for: operands).get().form
        if case .stream(let elements) = form {
            cycles[.elementStream] = (elements + array.elements - 1) / array.elements
            cycles[.memoryBandwidth] = max(0, transferCycles(bytes) - cycles.total)
            return estimate(layer, "stream", cycles, utilization: 0)
        }
        guard case .passes(let passes) = form else { return estimate(layer, "none", cycles, utilization: 0) }
        cycles[.multiplication] = passes.countedCycles
        cycles[.fillDrain] = passes.overheadCycles
        let weights = layer.weights?.encodedSize.bytes.count ?? 0
        let isKept = weights <= array.weightStore.count
        let pixels = layer.loops.batch * layer.loops.outputHeight * layer.loops.outputWidth
        let fetched = bytes + weights * (isKept ? 1 : pixels)
        cycles[.memoryBandwidth] = max(0, transferCycles(fetched) - cycles.total)
        let peak = Double(array.elements * array.wordBits) * Double(max(1, cycles.total))
        let planes = max(1, layer.weights?.elementBits ?? 1) * max(1, operands.inputBits)
        return estimate(layer, "passes", cycles, utilization: min(1, Double(layer.macs) * Double(planes) / peak))
    }

    public var perInference: LayerEstimate {
        LayerEstimate(
            name: "inference", kernel: "none", cycles: CycleBreakdown(), energy: isKnown ? .init() : nil,
            utilization: 0, macs: 0, executedMacs: 0)
    }

    public func assumptions(about workload: Workload) -> [String] {
        var sentences = ["Every layer reads its inputs from memory and writes its outputs there."]
        if workload.layers.contains(where: { $0.computeClass == .transcendental }) {
            sentences.append("Exponentials are computed by a host: only the movement of their data is counted.")
        }
        return sentences
    }

    private var isKnown: Bool { rail.rail != nil || facts.perMac != nil }

    private func transferCycles(_ bytes: Int) -> Int {
        Int(min((Double(bytes) / bytesPerCycle).rounded(.up), CycleBreakdown.limit))
    }

    private func estimate(
        _ layer: WorkloadLayer, _ kernel: String, _ cycles: CycleBreakdown, utilization: Double
    ) -> LayerEstimate {
        var energy: EnergyBreakdown?
        if let known = rail.rail {
            energy = EnergyBreakdown(compute: rail.drawn(known.power, cycles.total, at: known.clock))
        } else if let perMac = facts.perMac {
            energy = EnergyBreakdown(compute: EnergyBreakdown.product(layer.macs, perMac.femtojoules))
            if let leakage = facts.leakage { energy?.idleFemtojoules = rail.drawn(leakage, cycles.total) }
        }
        return LayerEstimate(
            name: layer.name, kernel: kernel, cycles: cycles, energy: energy, utilization: utilization,
            macs: layer.macs, executedMacs: layer.macs)
    }
}
