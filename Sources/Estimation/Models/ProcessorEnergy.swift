import Hardware
import Quantities
import Scheduling
import Workloads

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
    /// The power of the supply rail, which tells the energy of everything at once.
    let rail: RailPower?
    private let operations: OperationEnergy

    init(facts: EnergyFacts, clock: Frequency, runtime: String? = nil) {
        self.facts = facts
        self.clock = clock
        rail = RailPower(facts, clock: clock, runtime: runtime)
        operations = OperationEnergy(facts)
    }

    /// Whether the profile states enough to say anything.
    var isKnown: Bool { rail != nil || facts.perInstruction != nil || operations.isKnown }

    /// What is taken for granted, one sentence each.
    var assumptions: [String] {
        guard let rail else { return operations.assumptions }
        let shared =
            "The power of the supply rail is known only as a whole: its energy is shared among components by cycles, "
            + "and operands that execution counted do not change it."
        return rail.assumptions + [shared]
    }

    /// nil when the profile states neither a power nor the energy of an operation.
    func energy(
        of activity: Activity, weights: Memory?, activations: Memory?, layer: WorkloadLayer? = nil
    ) -> EnergyBreakdown? {
        if let rail { return energy(of: activity.cycles, rail, weights, activations) }
        guard isKnown else { return nil }
        let each = product(of: layer)
        let instructions = activity.instructions * Double(operations.instruction?.attojoules ?? 0) / 1000
        let control = Int(exactly: instructions.rounded()) ?? Int.max
        let products = each.energy(of: activity.macs).femtojoules
        var energy = EnergyBreakdown(compute: EnergyBreakdown.sum(control, products))
        let weightEnergy = moved(activity.weightBytes, weights)
        let activationEnergy = moved(activity.activationBytes, activations)
        add(weightEnergy, to: &energy, by: weights)
        add(activationEnergy, to: &energy, by: activations)
        if let leakage = facts.leakage { energy.idleFemtojoules = drawn(leakage, activity.cycles.total) }
        if let operands = layer.flatMap({ OperandActivity($0, gatedBy: facts.gatesZeros) }) {
            energy.setExecuted(
                operands.changing(products: products, weights: weightEnergy, activations: activationEnergy))
        }
        return energy
    }

    private func energy(
        of cycles: CycleBreakdown, _ rail: RailPower, _ weights: Memory?, _ activations: Memory?
    ) -> EnergyBreakdown {
        var energy = EnergyBreakdown()
        energy.computeFemtojoules = drawn(
            rail.power, cycles[.compute] + cycles[CycleCause.Group.overhead], at: rail.clock)
        add(drawn(rail.power, cycles[.weightFetch], at: rail.clock), to: &energy, by: weights)
        add(
            drawn(rail.power, cycles[.memoryStall] - cycles[.weightFetch], at: rail.clock), to: &energy,
            by: activations)
        return energy
    }

    private func product(of layer: WorkloadLayer?) -> EnergyPerOperation {
        guard let layer else { return EnergyPerOperation(attojoules: 0) }
        if layer.isFloat { return operations.floatProduct() ?? EnergyPerOperation(attojoules: 0) }
        // A core multiplies in its registers, whatever the width of what it loaded.
        return operations.product(weightBits: 16, activationBits: 16) ?? EnergyPerOperation(attojoules: 0)
    }

    /// Energy of a constant power over some cycles, of the clock given or the device's, rounded to a femtojoule.
    func drawn(_ power: Power, _ cycles: Int, at reference: Frequency? = nil) -> Int {
        let clock = reference ?? clock
        guard clock.hertz > 0 else { return 0 }
        // Nanowatts times seconds are nanojoules: a million femtojoules each.
        let product = Int128(power.nanowatts) * Int128(cycles) * 1_000_000
        return Int(clamping: (product + Int128(clock.hertz / 2)) / Int128(clock.hertz))
    }

    private func moved(_ bytes: Int, _ memory: Memory?) -> Int {
        memory.flatMap(operations.read)?.energy(of: Bits(bytes * 8)).femtojoules ?? 0
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
