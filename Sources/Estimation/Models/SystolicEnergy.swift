import Hardware
import Quantities
import Scheduling
import Workloads

/// Bits that pass between a systolic array and its buffers.
struct BufferAccesses: Sendable {
    var inputBits = 0
    var weightBits = 0
    var writtenSumBits = 0
    var readSumBits = 0

    init() {}

    /// Each operand as often as the dataflow streams it; partial sums once for each fold along the reduction.
    init(_ operands: LayerOperands, _ folds: SystolicFolds, _ array: SystolicArray) {
        let loops = operands.layer.loops
        let pixels = loops.batch * loops.outputHeight * loops.outputWidth
        let inputs = pixels * loops.reductionLength * loops.groups
        let weights = loops.outputChannels * loops.reductionLength * loops.groups
        let sums = loops.outputElements * array.accumulatorBits.count
        let weightWidth = operands.layer.weights?.elementBits ?? 0
        switch array.dataflow {
        case .outputStationary:
            inputBits = inputs * folds.columnFolds * operands.inputBits
            weightBits = weights * folds.rowFolds * weightWidth
            writtenSumBits = loops.outputElements * operands.outputBits
        case .weightStationary:
            inputBits = inputs * folds.columnFolds * operands.inputBits
            weightBits = weights * weightWidth
            writtenSumBits = sums * folds.rowFolds
            readSumBits = sums * (folds.rowFolds - 1)
        case .inputStationary:
            inputBits = inputs * operands.inputBits
            weightBits = weights * folds.columnFolds * weightWidth
            writtenSumBits = sums * folds.rowFolds
            readSumBits = sums * (folds.rowFolds - 1)
        }
    }
}

/// The energy of a systolic array from its table: products, cell registers, buffers, memory, leakage.
struct SystolicEnergy: Sendable {
    struct Activity {
        var cycles: Int
        var macs: Int
        var accesses: BufferAccesses
        var memoryBytes: Int
    }

    private let facts: EnergyFacts
    private let rail: ProcessorEnergy
    private let memories: [String: Memory]

    init(_ device: Device) {
        facts = device.energy
        rail = ProcessorEnergy(facts: device.energy, clock: device.clock)
        memories = Dictionary(device.memories.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// Whether the profile states the energy of a product.
    var isKnown: Bool { facts.perMac != nil }

    /// nil when the profile does not state the energy of a product.
    ///
    /// A product passes two operands and a sum through cell registers: three local accesses.
    func energy(of activity: Activity, memory: String?) -> EnergyBreakdown? {
        guard let perMac = facts.perMac else { return nil }
        let local = facts.perLocalAccess?.femtojoules ?? 0
        let each = EnergyBreakdown.sum(perMac.femtojoules, EnergyBreakdown.product(3, local))
        var energy = EnergyBreakdown(compute: EnergyBreakdown.product(activity.macs, each))
        let accesses = activity.accesses
        energy.sramFemtojoules = [
            read(accesses.inputBits, from: "ifmap"), read(accesses.weightBits, from: "filter"),
            read(accesses.readSumBits, from: "ofmap"), written(accesses.writtenSumBits, to: "ofmap"),
        ].reduce(0, EnergyBreakdown.sum)
        let moved = memory.map { read(activity.memoryBytes * 8, from: $0) } ?? 0
        switch memory.flatMap({ memories[$0]?.kind }) {
        case .dram: energy.dramFemtojoules = moved
        case .flash: energy.flashFemtojoules = moved
        case .sram, .tcm, .buffer, nil: energy.sramFemtojoules = EnergyBreakdown.sum(energy.sramFemtojoules, moved)
        }
        if let leakage = facts.leakage { energy.idleFemtojoules = rail.drawn(leakage, activity.cycles) }
        return energy
    }

    private func read(_ bits: Int, from memory: String) -> Int {
        memories[memory]?.readEnergyPerBit?.energy(of: Bits(bits)).femtojoules ?? 0
    }

    private func written(_ bits: Int, to memory: String) -> Int {
        let memory = memories[memory]
        return (memory?.writeEnergyPerBit ?? memory?.readEnergyPerBit)?.energy(of: Bits(bits)).femtojoules ?? 0
    }
}
