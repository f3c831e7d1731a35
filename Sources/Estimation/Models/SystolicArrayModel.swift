import Hardware
import Quantities
public import Scheduling
import Tensors
public import Workloads

/// A systolic array with buffers and a memory behind them.
///
/// Compute cycles are SCALE-Sim's closed form; the buffers' sizes decide what the memory must deliver again; what it
/// delivers later than the array asks is stall. It is *not* a trace simulator: folds at the edge of a layer cost as much
/// as full ones, the memory has one rate and one latency, banks and refresh are absent, every layer reads its inputs
/// from memory and writes its outputs there, zeros are multiplied. Nothing in it is fitted to measurements.
public struct SystolicArrayModel: CostModel {
    public let name = "systolicArray"
    public let scheduler: Scheduler
    private let array: SystolicArray
    private let bytesPerCycle: Double
    private let energy: SystolicEnergy

    /// - Throws: `EstimateRefusal.noRate` for a memory bandwidth of zero.
    init(device: Device, array: SystolicArray) throws(EstimateRefusal) {
        guard array.memoryBandwidth.bytesPerCycle(at: device.clock) > 0 else {
            throw .noRate(device: device.name, what: "a memory bandwidth")
        }
        self.array = array
        scheduler = Scheduler(device: device, engine: array)
        bytesPerCycle = array.memoryBandwidth.bytesPerCycle(at: device.clock)
        energy = SystolicEnergy(device)
    }

    public func cost(of operands: LayerOperands, placement: Placement) throws(UnsupportedLayer) -> LayerEstimate {
        let form = try array.form(for: operands).get().form
        if case .folds(let folds) = form { return cost(of: operands, folds, placement) }
        if case .stream(let elements) = form { return cost(ofStream: elements, operands, placement) }
        return LayerEstimate(
            name: operands.layer.name, kernel: "none", cycles: CycleBreakdown(), energy: energy.isKnown ? .init() : nil,
            utilization: 0, macs: 0, executedMacs: 0)
    }

    public var perInference: LayerEstimate {
        LayerEstimate(
            name: "inference", kernel: "none", cycles: CycleBreakdown(), energy: energy.isKnown ? .init() : nil,
            utilization: 0, macs: 0, executedMacs: 0)
    }

    public func assumptions(about workload: Workload) -> [String] {
        var sentences = [
            "Every layer reads its inputs from memory and writes its outputs there.",
            "Layers without products stream one element a cycle through each column of the array.",
        ]
        if workload.layers.contains(where: { $0.computeClass == .transcendental }) {
            sentences.append("Exponentials are computed by a host: only the movement of their data is counted.")
        }
        if workload.layers.contains(where: { ($0.weights?.storage ?? .dense) != .dense }) {
            sentences.append("Encoded weights are decoded on their way into the buffer at no cost in cycles.")
        }
        return sentences + energy.assumptions
    }

    private func cost(of operands: LayerOperands, _ folds: SystolicFolds, _ placement: Placement) -> LayerEstimate {
        let layer = operands.layer
        let traffic = SystolicTraffic(operands, folds, on: array)
        var cycles = CycleBreakdown()
        cycles[.multiplication] = folds.streamedCycles
        cycles[.fillDrain] = folds.computeCycles - folds.streamedCycles
        cycles[.memoryBandwidth] = stall(traffic, folds)
        let peak = Double(array.rows * array.columns) * Double(max(1, cycles.total))
        let activity = SystolicEnergy.Activity(
            cycles: cycles.total, macs: layer.macs, accesses: BufferAccesses(operands, folds, array),
            memoryBytes: traffic.total * folds.groups, sumBits: array.accumulatorBits.count)
        return LayerEstimate(
            name: layer.name, kernel: array.dataflow.rawValue, cycles: cycles,
            energy: energy.energy(
                of: activity, layer: layer, inputBits: operands.inputBits, memory: placement.activations),
            utilization: min(1, Double(layer.macs) / peak), macs: layer.macs, executedMacs: layer.macs,
            transferCycles: transferCycles(traffic, folds))
    }

    private func cost(ofStream elements: Int, _ operands: LayerOperands, _ placement: Placement) -> LayerEstimate {
        let bytes = (operands.inputs + operands.outputs).reduce(0) { $0 + $1.size.count }
        var cycles = CycleBreakdown()
        cycles[.elementStream] = (elements + array.columns - 1) / max(1, array.columns)
        cycles[.memoryBandwidth] = max(0, transferCycles(bytes) - cycles[.elementStream])
        let activity = SystolicEnergy.Activity(
            cycles: cycles.total, macs: 0, accesses: BufferAccesses(), memoryBytes: bytes)
        return LayerEstimate(
            name: operands.layer.name, kernel: "stream", cycles: cycles,
            energy: energy.energy(
                of: activity, layer: operands.layer, inputBits: operands.inputBits, memory: placement.activations),
            utilization: 0, macs: 0, executedMacs: 0, transferCycles: transferCycles(bytes))
    }

    /// Cycles of one transfer: the latency, then whole bursts at the memory's rate.
    func transferCycles(_ bytes: Int) -> Int {
        guard bytes > 0 else { return 0 }
        let burst = max(1, array.burst.count)
        let whole = (bytes + burst - 1) / burst * burst
        return array.memoryLatency + Int(min((Double(whole) / bytesPerCycle).rounded(.up), CycleBreakdown.limit))
    }

    /// Waits for the memory: the first fold's operands, what each later fold's take longer than the fold before it
    /// computes, and the last outputs. Without double buffering every transfer is waited for.
    private func stall(_ traffic: SystolicTraffic, _ folds: SystolicFolds) -> Int {
        let (outer, inner) = (traffic.outer, traffic.inner)
        guard outer > 0, inner > 0 else { return 0 }
        let first = transferCycles(traffic.perFold + traffic.perOuter + traffic.perSweep)
        let kinds = transfers(traffic)
        let hidden = array.doubleBuffered ? folds.cyclesPerFold : 0
        let waits = kinds.map { count, bytes in (count, max(0, transferCycles(bytes) - hidden)) }
        var all = Int128(folds.groups) * waits.reduce(0) { $0 + Int128($1.0) * Int128($1.1) }
        if array.doubleBuffered { all += Int128(first - waits[0].1 + transferCycles(traffic.written)) }
        return Int(clamping: min(all, Int128(CycleBreakdown.limit)))
    }

    /// The transfers between folds: how many of which size.
    private func transfers(_ traffic: SystolicTraffic) -> [(count: Int, bytes: Int)] {
        let (outer, inner) = (traffic.outer, traffic.inner)
        let every = traffic.perFold + traffic.written
        return [
            (1, every + traffic.perOuter + traffic.perSweep), (inner - 1, every + traffic.perSweep),
            (outer - 1, every + traffic.perOuter), ((outer - 1) * (inner - 1), every),
        ]
    }

    /// Cycles in which the memory is busy, hidden or not.
    private func transferCycles(_ traffic: SystolicTraffic, _ folds: SystolicFolds) -> Int {
        guard traffic.outer > 0, traffic.inner > 0 else { return 0 }
        let one = transfers(traffic).reduce(Int128(0)) { $0 + Int128($1.count) * Int128(transferCycles($1.bytes)) }
        return Int(clamping: min(one * Int128(folds.groups), Int128(CycleBreakdown.limit)))
    }
}
