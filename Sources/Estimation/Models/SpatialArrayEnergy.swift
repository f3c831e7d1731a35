import Hardware
import Quantities
import Scheduling
import Workloads

/// The energy of a spatial array from its table: products, stores of cells, buffers, network, memory, static power.
struct SpatialArrayEnergy: Sendable {
    private let facts: EnergyFacts
    private let array: SpatialArray
    private let rail: ProcessorEnergy
    private let behind: Memory?

    init(_ device: Device, array: SpatialArray, behind: Memory?) {
        facts = device.energy
        self.array = array
        self.behind = behind
        rail = ProcessorEnergy(facts: device.energy, clock: device.clock)
    }

    /// Whether the profile states the energy of a product.
    var isKnown: Bool { facts.perMac != nil }

    /// A product reads a weight, an input and a sum and writes the sum: four accesses of stores in the cell. Where
    /// zeros are gated only the input is read. Sums move from cell to cell over the network.
    func energy(
        of operands: LayerOperands, _ cost: RowStationaryCost, _ mapping: RowStationaryMapping,
        zeros: MeasuredFraction, cycles: Int
    ) -> EnergyBreakdown? {
        guard let perMac = facts.perMac, case .rowStationary(let grid) = array.arrangement else { return nil }
        let loops = operands.layer.loops
        let local = Double(facts.perLocalAccess?.femtojoules ?? 0)
        let active = Double(operands.layer.macs) * (array.gatesZeros ? 1 - zeros.value : 1)
        let gated = Double(operands.layer.macs) - active
        let word = Double(max(array.activationBits.count, array.weightBits.count))
        let steps = (loops.inputChannels + mapping.q * mapping.r - 1) / (mapping.q * mapping.r)
        let hops = Double(loops.outputElements * steps) * Double(loops.kernelHeight * mapping.r - 1)
        let memoryWords = cost.memoryInputWords + cost.memoryFilterWords + cost.memoryOutputWords
        let network = (Double(cost.bufferWords) + hops) * word * femtojoules(grid.networkEnergyPerBit)
        let buffers = Double(cost.bufferWords + memoryWords) * word * femtojoules(grid.bufferEnergyPerBit)
        var energy = EnergyBreakdown(
            compute: whole(active * (Double(perMac.femtojoules) + 4 * local) + gated * local + network))
        energy.sramFemtojoules = whole(buffers)
        let read = Double(cost.memoryInputWords + cost.memoryFilterWords) * femtojoules(behind?.readEnergyPerBit)
        let written =
            Double(cost.memoryOutputWords) * femtojoules(behind?.writeEnergyPerBit ?? behind?.readEnergyPerBit)
        addMemory(whole((read + written) * word), to: &energy)
        addStatic(cycles, to: &energy)
        return energy
    }

    /// Products, then every level's traffic; stores of single cells count as the cells.
    func energy(
        of operands: LayerOperands, _ accesses: LoopAccesses, _ nest: LoopNestArray, zeros: MeasuredFraction,
        cycles: Int
    ) -> EnergyBreakdown? {
        guard let perMac = facts.perMac else { return nil }
        let active = Double(operands.layer.macs) * (array.gatesZeros ? 1 - zeros.value : 1)
        var compute = active * Double(perMac.femtojoules)
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
                    Double(last.readBits) * femtojoules(behind?.readEnergyPerBit)
                        + Double(last.writtenBits)
                        * femtojoules(behind?.writeEnergyPerBit ?? behind?.readEnergyPerBit)), to: &energy)
        }
        addStatic(cycles, to: &energy)
        return energy
    }

    /// Elements that only pass.
    func energy(ofStream bytes: Int, cycles: Int) -> EnergyBreakdown? {
        guard isKnown else { return nil }
        var energy = EnergyBreakdown()
        addMemory(whole(Double(bytes) * 8 * femtojoules(behind?.readEnergyPerBit)), to: &energy)
        addStatic(cycles, to: &energy)
        return energy
    }

    private func femtojoules(_ energy: EnergyPerBit?) -> Double { Double(energy?.attojoules ?? 0) / 1000 }

    private func whole(_ femtojoules: Double) -> Int { Int(exactly: femtojoules.rounded()) ?? Int.max }

    private func addMemory(_ femtojoules: Int, to energy: inout EnergyBreakdown) {
        switch behind?.kind {
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
