import Hardware
import Quantities
public import Scheduling
import Tensors
public import Workloads

/// A spatial array on the mapping that a search finds, with the memory behind its buffers.
///
/// Row-stationary grids: `RowStationaryCost` says the cycles and the words. Free hierarchies: steps over time, or where
/// it is longer the time that the busiest memory needs, after the first tiles arrived and before the last outputs left.
/// Energy is the sum of products, accesses at each level and static power. It is *not* a cycle-accurate simulation:
/// contention between operands on one port, bank conflicts and refresh are absent, tiles at the edge of a layer cost as
/// much as full ones, every layer reads its inputs from the memory behind and writes its outputs there.
public struct SpatialArrayModel: CostModel {
    public let name = "spatialArray"
    public let scheduler: Scheduler
    private let engine: PreparedSpatialArray
    private let array: SpatialArray
    private let energy: SpatialArrayEnergy
    private let clock: Frequency

    init(device: Device, array: SpatialArray) throws(EstimateRefusal) {
        let behind = device.memories(holding: .activations).first { $0.kind != .buffer }
        engine = PreparedSpatialArray(array, of: device, memory: behind)
        guard engine.bytesPerCycle > 0 else { throw .noRate(device: device.name, what: "a memory bandwidth") }
        scheduler = Scheduler(device: device, engine: engine)
        energy = SpatialArrayEnergy(device, array: array, behind: behind)
        clock = device.clock
        self.array = array
    }

    public func cost(of operands: LayerOperands, placement: Placement) throws(UnsupportedLayer) -> LayerEstimate {
        switch operands.layer.computeClass {
        case .free: return nothing(operands.layer.name)
        case .pooling, .elementwise, .transcendental, .dataMovement:
            return cost(
                ofStream: (operands.inputs + operands.outputs).reduce(0) { $0 + $1.shape.elementCount }, operands)
        case .convolution, .depthwise, .fullyConnected: break
        }
        switch engine.found(for: operands) {
        case .rowStationary(let mapping, let cost): return estimate(operands, mapping, cost)
        case .loopNest(_, let accesses): return estimate(operands, accesses)
        case .refused(let reason): throw UnsupportedLayer(layer: operands.layer.name, reason: reason)
        }
    }

    public var perInference: LayerEstimate { nothing("inference") }

    public func assumptions(about workload: Workload) -> [String] {
        var sentences = [
            "Every layer reads its inputs from memory and writes its outputs there.",
            "Layers without products stream one element a cycle through each column of the array.",
        ]
        let multiplies = workload.layers.filter { $0.computeClass.multipliesWeights }
        if array.assumedZeros > 0, multiplies.contains(where: { $0.activationZeros == nil }) {
            sentences.append(
                "\(Double(array.assumedZeros) / 10) % of activations are taken to be zero where no run counted them.")
        }
        if workload.layers.contains(where: { $0.computeClass == .transcendental }) {
            sentences.append("Exponentials are computed by a host: only the movement of their data is counted.")
        }
        return sentences + energy.assumptions
    }

    private func nothing(_ name: String) -> LayerEstimate {
        LayerEstimate(
            name: name, kernel: "none", cycles: CycleBreakdown(), energy: energy.isKnown ? .init() : nil,
            utilization: 0, macs: 0, executedMacs: 0)
    }

    private func estimate(
        _ operands: LayerOperands, _ mapping: RowStationaryMapping, _ cost: RowStationaryCost
    ) -> LayerEstimate {
        var cycles = CycleBreakdown()
        cycles[.multiplication] = cost.productCycles
        cycles[.operandTransfer] = cost.computeCycles - cost.productCycles
        cycles[.fillDrain] = cost.fillCycles
        cycles[.memoryBandwidth] = cost.waitCycles
        return estimate(
            operands, "rowStationary", cycles,
            energy.energy(of: operands, cost, mapping, zeros: engine.zeros(met: operands), cycles: cycles.total))
    }

    private func estimate(_ operands: LayerOperands, _ accesses: LoopAccesses) -> LayerEstimate {
        guard case .loopNest(let nest) = array.arrangement else { return nothing(operands.layer.name) }
        var cycles = CycleBreakdown()
        cycles[.multiplication] = accesses.computeCycles
        let busiest = accesses.levels.indices.reduce(0.0) { max($0, time(accesses.levels[$1], nest, $1)) }
        let edge = Double(accesses.edgeBits) / 8 / engine.bytesPerCycle
        let waits = max(0, busiest - Double(accesses.computeCycles)) + edge
        cycles[.memoryBandwidth] = Int(min(waits.rounded(.up), CycleBreakdown.limit))
        return estimate(
            operands, "mapping", cycles,
            energy.energy(of: operands, accesses, nest, zeros: engine.zeros(met: operands), cycles: cycles.total))
    }

    /// Cycles that one instance of a level needs for its share of the traffic; the memory behind has one port.
    private func time(_ level: LoopAccesses.Level, _ nest: LoopNestArray, _ index: Int) -> Double {
        let share = 8 * Double(max(1, level.instances))
        guard index < nest.levels.count else {
            return Double(level.readBits + level.writtenBits) / 8 / engine.bytesPerCycle
        }
        let read = nest.levels[index].readBandwidth.map { Double(level.readBits) / share / $0.bytesPerCycle(at: clock) }
        let write = nest.levels[index].writeBandwidth.map {
            Double(level.writtenBits) / share / $0.bytesPerCycle(at: clock)
        }
        return max(read ?? 0, write ?? 0)
    }

    private func estimate(
        _ operands: LayerOperands, _ kernel: String, _ cycles: CycleBreakdown, _ energy: EnergyBreakdown?
    ) -> LayerEstimate {
        let layer = operands.layer
        let peak = Double(array.cells) * Double(max(1, cycles.total))
        return LayerEstimate(
            name: layer.name, kernel: kernel, cycles: cycles, energy: energy,
            utilization: min(1, Double(layer.macs) / peak), macs: layer.macs, executedMacs: layer.macs)
    }

    private func cost(ofStream elements: Int, _ operands: LayerOperands) -> LayerEstimate {
        let bytes = (operands.inputs + operands.outputs).reduce(0) { $0 + $1.size.count }
        var cycles = CycleBreakdown()
        cycles[.elementStream] = (elements + array.lanes - 1) / array.lanes
        let transfer = (Double(bytes) / engine.bytesPerCycle).rounded(.up)
        cycles[.memoryBandwidth] = max(0, Int(min(transfer, CycleBreakdown.limit)) - cycles[.elementStream])
        return LayerEstimate(
            name: operands.layer.name, kernel: "stream", cycles: cycles,
            energy: energy.energy(ofStream: bytes, cycles: cycles.total), utilization: 0, macs: 0, executedMacs: 0)
    }
}

extension SpatialArray {
    fileprivate var cells: Int {
        switch arrangement {
        case .rowStationary(let grid): grid.rows * grid.columns
        case .loopNest(let nest): nest.axes.reduce(1) { $0 * $1.size }
        }
    }

    /// Elements without products that pass in a cycle.
    fileprivate var lanes: Int {
        switch arrangement {
        case .rowStationary(let grid): max(1, grid.columns)
        case .loopNest(let nest): max(1, nest.axes.first?.size ?? 1)
        }
    }
}
