import Hardware
import Quantities
import Scheduling
import Workloads

/// The energy of a spatial array from its table: products, stores of cells, buffers, network, memory, static power.
struct SpatialArrayEnergy: Sendable {
    private let facts: EnergyFacts
    private let array: SpatialArray
    private let rail: ProcessorEnergy
    private let operations: OperationEnergy
    private let readBehind: Double
    private let writtenBehind: Double
    private let behind: Memory.Kind?

    init(_ device: Device, array: SpatialArray, behind: Memory?) {
        facts = device.energy
        self.array = array
        operations = OperationEnergy(device.energy)
        readBehind = Double(behind.flatMap(operations.read)?.attojoules ?? 0) / 1000
        writtenBehind = Double(behind.flatMap(operations.write)?.attojoules ?? 0) / 1000
        self.behind = behind?.kind
        rail = ProcessorEnergy(facts: device.energy, clock: device.clock)
    }

    /// Whether the profile states the energy of a product, or a process to derive it from.
    var isKnown: Bool { operations.isKnown }

    /// What is taken for granted, one sentence each.
    var assumptions: [String] { operations.assumptions }

    /// The fraction of products that a zero keeps from being done.
    private func gated(_ zeros: MeasuredFraction) -> Double {
        facts.gatesZeros.contains(.activations) ? zeros.value : 0
    }

    /// Femtojoules of one product at a layer's widths; nil when nothing is known.
    private func product(_ operands: LayerOperands) -> Double? {
        let weightBits = operands.layer.weights?.elementBits ?? operands.inputBits
        return operations.product(
            weightBits: weightBits, activationBits: operands.inputBits, sumBits: array.accumulatorBits.count
        ).map { Double($0.attojoules) / 1000 }
    }

    /// What the operands that execution met add to the energy of products with random ones.
    private func addExecuted(_ products: Double, _ layer: WorkloadLayer, to energy: inout EnergyBreakdown) {
        guard let activity = OperandActivity(layer, gatedBy: []) else { return }
        energy.setExecuted(activity.changing(products: whole(products), weights: 0, activations: 0))
    }

    /// A product reads a weight, an input and a sum and writes the sum: four accesses of stores in the cell. Where
    /// zeros are gated only the input is read. Sums move from cell to cell over the network.
    func energy(
        of operands: LayerOperands, _ cost: RowStationaryCost, _ mapping: RowStationaryMapping,
        zeros: MeasuredFraction, cycles: Int
    ) -> EnergyBreakdown? {
        guard let perMac = product(operands), case .rowStationary(let grid) = array.arrangement else { return nil }
        let loops = operands.layer.loops
        let local = Double(operations.localAccess(bits: array.activationBits.count)?.attojoules ?? 0) / 1000
        let active = Double(operands.layer.macs) * (1 - gated(zeros))
        let idle = Double(operands.layer.macs) - active
        let word = Double(max(array.activationBits.count, array.weightBits.count))
        let steps = (loops.inputChannels + mapping.q * mapping.r - 1) / (mapping.q * mapping.r)
        let hops = Double(loops.outputElements * steps) * Double(loops.kernelHeight * mapping.r - 1)
        let memoryWords = cost.memoryInputWords + cost.memoryFilterWords + cost.memoryOutputWords
        let network = (Double(cost.bufferWords) + hops) * word * femtojoules(grid.networkEnergyPerBit)
        let buffers = Double(cost.bufferWords + memoryWords) * word * femtojoules(grid.bufferEnergyPerBit)
        var energy = EnergyBreakdown(
            compute: whole(active * (perMac + 4 * local) + idle * local + network))
        energy.sramFemtojoules = whole(buffers)
        let read = Double(cost.memoryInputWords + cost.memoryFilterWords) * readBehind
        let written =
            Double(cost.memoryOutputWords) * writtenBehind
        addMemory(whole((read + written) * word), to: &energy)
        addStatic(cycles, to: &energy)
        addExecuted(active * perMac, operands.layer, to: &energy)
        return energy
    }

    /// Products, then every level's traffic; stores of single cells count as the cells.
    func energy(
        of operands: LayerOperands, _ accesses: LoopAccesses, _ nest: LoopNestArray, zeros: MeasuredFraction,
        cycles: Int
    ) -> EnergyBreakdown? {
        guard let perMac = product(operands) else { return nil }
        let active = Double(operands.layer.macs) * (1 - gated(zeros))
        var compute = active * perMac
        var buffers = 0.0
        for (level, traffic) in zip(nest.levels, accesses.levels) {
            let drawn =
                Double(traffic.readBits) * femtojoules(level.readEnergyPerBit)
                + Double(traffic.writtenBits) * femtojoules(level.writeEnergyPerBit)
            if level.serves.isEmpty { compute += drawn } else { buffers += drawn }
        }
        var energy = EnergyBreakdown(compute: whole(compute), sram: whole(buffers))
        if let last = accesses.levels.last {
            addMemory(
                whole(
                    Double(last.readBits) * readBehind
                        + Double(last.writtenBits)
                        * writtenBehind), to: &energy)
        }
        addStatic(cycles, to: &energy)
        addExecuted(active * perMac, operands.layer, to: &energy)
        return energy
    }

    /// Elements that only pass.
    func energy(ofStream bytes: Int, cycles: Int) -> EnergyBreakdown? {
        guard isKnown else { return nil }
        var energy = EnergyBreakdown()
        addMemory(whole(Double(bytes) * 8 * readBehind), to: &energy)
        addStatic(cycles, to: &energy)
        return energy
    }

    private func femtojoules(_ energy: EnergyPerBit?) -> Double { Double(energy?.attojoules ?? 0) / 1000 }

    private func whole(_ femtojoules: Double) -> Int { Int(exactly: femtojoules.rounded()) ?? Int.max }

    private func addMemory(_ femtojoules: Int, to energy: inout EnergyBreakdown) {
        switch behind {
        case .dram: energy.dramFemtojoules = femtojoules
        case .flash: energy.flashFemtojoules = femtojoules
        case .sram, .tcm, .buffer, nil:
            energy.sramFemtojoules = EnergyBreakdown.sum(energy.sramFemtojoules, femtojoules)
        }
    }

    private func addStatic(_ cycles: Int, to energy: inout EnergyBreakdown) {
        guard let leakage = facts.leakage else { return }
        energy.idleFemtojoules = rail.drawn(leakage, cycles)
    }
}
