import Hardware
import Quantities
import Scheduling

/// The energy of an array of lanes: from the power of its rail, or from its table of operations and accesses.
///
/// With `activePower` it is that power over all cycles. Else a product of the lanes' own widths costs `perMac` or what the
/// process says, scaled by the digits that the operands take, and three local accesses; what the lanes read comes from the
/// memory that holds it or, behind a memory outside the chip, from buffers called `weights` and `activations`.
struct LaneEnergy: Sendable {
    struct Activity {
        var cycles: Int
        /// Products, in units of products of the lanes' own widths.
        var products: Double
        /// Those widths.
        var weightBits: Int
        var activationBits: Int
        var weightReadBits: Int
        var activationReadBits: Int
        var traffic: MemoryBehind.Traffic
    }

    private let facts: EnergyFacts
    private let rail: ProcessorEnergy
    private let operations: OperationEnergy
    private let memories: [Memory]

    init(_ device: Device) {
        facts = device.energy
        rail = ProcessorEnergy(facts: device.energy, clock: device.clock)
        operations = OperationEnergy(device.energy)
        memories = device.memories
    }

    var isKnown: Bool { facts.activePower != nil || operations.isKnown }

    /// What is taken for granted, one sentence each.
    var assumptions: [String] { facts.activePower == nil ? operations.assumptions : [] }

    /// nil when neither a power nor the energy of a product is known.
    func energy(of activity: Activity, _ placement: Placement) -> EnergyBreakdown? {
        var energy = EnergyBreakdown()
        if let power = facts.activePower {
            energy.computeFemtojoules = rail.drawn(power, activity.cycles, at: facts.activeClock)
            return energy
        }
        guard
            let product = operations.product(
                weightBits: activity.weightBits, activationBits: activity.activationBits)
        else { return nil }
        let register = EnergyPerOperation(facts.perLocalAccess ?? .zero)
        let products = Int(min(9e18, activity.products.rounded(.up)))
        energy.computeFemtojoules =
            (product + register + register + register).energy(of: products).femtojoules
        add(activity.traffic.weights, activity.weightReadBits, placement.weights, buffer: "weights", to: &energy)
        add(
            activity.traffic.activations, activity.activationReadBits, placement.activations, buffer: "activations",
            to: &energy)
        if let leakage = facts.leakage { energy.idleFemtojoules = rail.drawn(leakage, activity.cycles) }
        return energy
    }

    private func add(_ bytes: Int, _ bits: Int, _ home: String?, buffer: String, to energy: inout EnergyBreakdown) {
        let memory = memories.first { $0.name == home }
        let reads = memories.first { $0.name == buffer && $0.kind == .buffer } ?? memory
        let moved = memory.flatMap(operations.read).map {
            EnergyBreakdown.product(bytes, $0.energy(of: Bits(8)).femtojoules)
        }
        switch memory?.kind {
        case .dram: energy.dramFemtojoules = EnergyBreakdown.sum(energy.dramFemtojoules, moved ?? 0)
        case .flash: energy.flashFemtojoules = EnergyBreakdown.sum(energy.flashFemtojoules, moved ?? 0)
        case .sram, .tcm, .buffer, nil: break
        }
        guard let reads, reads.kind != .dram, reads.kind != .flash else { return }
        let read = operations.read(reads)?.energy(of: Bits(bits)).femtojoules ?? 0
        energy.sramFemtojoules = EnergyBreakdown.sum(energy.sramFemtojoules, read)
    }
}
