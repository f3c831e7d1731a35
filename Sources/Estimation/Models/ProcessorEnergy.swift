import Hardware
import Quantities
import Scheduling

/// The energy of a run on a processor, from the power of its supply rail or from a table of operations.
struct ProcessorEnergy: Sendable {
    /// What a run did, as far as energy goes.
    struct Activity {
        var cycles: CycleBreakdown
        var instructions: Double
        var macs: Int
        var weightBytes: Int
        var activationBytes: Int
    }

    let facts: EnergyFacts
    let clock: Frequency

    /// Whether the profile states enough to say anything.
    var isKnown: Bool { facts.activePower != nil || facts.perInstruction != nil || facts.perMac != nil }

    /// nil when the profile states neither a power nor the energy of an operation.
    func energy(of activity: Activity, weights: Memory?, activations: Memory?) -> EnergyBreakdown? {
        guard isKnown else { return nil }
        var energy = EnergyBreakdown()
        if let power = facts.activePower {
            let cycles = activity.cycles
            energy.computeFemtojoules = drawn(
                power, cycles[.compute] + cycles[CycleCause.Group.overhead], at: facts.activeClock)
            add(drawn(power, cycles[.weightFetch], at: facts.activeClock), to: &energy, by: weights)
            add(
                drawn(power, cycles[.memoryStall] - cycles[.weightFetch], at: facts.activeClock), to: &energy,
                by: activations)
            return energy
        }
        let instructions = activity.instructions * Double(facts.perInstruction?.femtojoules ?? 0)
        energy.computeFemtojoules = EnergyBreakdown.sum(
            Int(exactly: instructions.rounded()) ?? Int.max,
            EnergyBreakdown.product(activity.macs, facts.perMac?.femtojoules ?? 0))
        add(moved(activity.weightBytes, weights), to: &energy, by: weights)
        add(moved(activity.activationBytes, activations), to: &energy, by: activations)
        if let leakage = facts.leakage { energy.idleFemtojoules = drawn(leakage, activity.cycles.total) }
        return energy
    }

    /// Energy of a constant power over some cycles, of the clock given or the device's, rounded to a femtojoule.
    func drawn(_ power: Power, _ cycles: Int, at reference: Frequency? = nil) -> Int {
        let clock = reference ?? clock
        // Nanowatts times seconds are nanojoules: a million femtojoules each.
        let product = Int128(power.nanowatts) * Int128(cycles) * 1_000_000
        return Int(clamping: (product + Int128(clock.hertz / 2)) / Int128(clock.hertz))
    }

    private func moved(_ bytes: Int, _ memory: Memory?) -> Int {
        memory?.readEnergyPerBit?.energy(of: Bits(bytes * 8)).femtojoules ?? 0
    }

    private func add(_ femtojoules: Int, to energy: inout EnergyBreakdown, by memory: Memory?) {
        switch memory?.kind {
        case .flash: energy.flashFemtojoules = EnergyBreakdown.sum(energy.flashFemtojoules, femtojoules)
        case .sram, .tcm, .buffer, nil:
            energy.sramFemtojoules = EnergyBreakdown.sum(energy.sramFemtojoules, femtojoules)
        case .dram: energy.dramFemtojoules = EnergyBreakdown.sum(energy.dramFemtojoules, femtojoules)
        }
    }
}
