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

/// The energy of a systolic array: products, cell registers, buffers, memory, leakage.
struct SystolicEnergy: Sendable {
    struct Activity {
        var cycles: Int
        var macs: Int
        var accesses: BufferAccesses
        var memoryBytes: Int
        /// The sum's width in a cell.
        var sumBits = 32
    }

    private let facts: EnergyFacts
    private let rail: ProcessorEnergy
    private let operations: OperationEnergy
    private let memories: [(name: String, kind: Memory.Kind, read: EnergyPerBit?)]
    private let ifmap: EnergyPerBit?
    private let filter: EnergyPerBit?
    private let ofmap: (read: EnergyPerBit?, write: EnergyPerBit?)

    init(_ device: Device) {
        facts = device.energy
        rail = ProcessorEnergy(facts: device.energy, clock: device.clock)
        let operations = OperationEnergy(device.energy)
        self.operations = operations
        memories = device.memories.map { ($0.name, $0.kind, operations.read($0)) }
        func buffer(_ name: String) -> Memory? { device.memories.first { $0.name == name } }
        ifmap = buffer("ifmap").flatMap(operations.read)
        filter = buffer("filter").flatMap(operations.read)
        ofmap = (buffer("ofmap").flatMap(operations.read), buffer("ofmap").flatMap(operations.write))
    }

    /// Whether the profile states the energy of a product, or a process to derive it from.
    var isKnown: Bool { operations.isKnown }

    /// What is taken for granted, one sentence each.
    var assumptions: [String] { operations.assumptions }

    /// nil when the energy of a product is not known.
    ///
    /// A product passes two operands and a sum through cell registers: three local accesses. Their energy is not derived:
    /// published register files are much larger than the one register of an operand.
    func energy(of activity: Activity, layer: WorkloadLayer, inputBits: Int, memory: String?) -> EnergyBreakdown? {
        let weightBits = layer.weights?.elementBits ?? inputBits
        guard
            let product = operations.product(
                weightBits: weightBits, activationBits: inputBits, sumBits: activity.sumBits)
        else { return nil }
        let register = EnergyPerOperation(facts.perLocalAccess ?? .zero)
        let products = (product + register + register + register).energy(of: activity.macs).femtojoules
        var energy = EnergyBreakdown(compute: products)
        let accesses = activity.accesses
        let inputs = moved(accesses.inputBits, ifmap)
        let weights = moved(accesses.weightBits, filter)
        energy.sramFemtojoules = [inputs, weights, moved(accesses.readSumBits, ofmap.read)]
            .reduce(moved(accesses.writtenSumBits, ofmap.write), EnergyBreakdown.sum)
        let behind = memory.flatMap { name in memories.first { $0.name == name } }
        let all = moved(activity.memoryBytes * 8, behind?.read)
        switch behind?.kind {
        case .dram: energy.dramFemtojoules = all
        case .flash: energy.flashFemtojoules = all
        case .sram, .tcm, .buffer, nil: energy.sramFemtojoules = EnergyBreakdown.sum(energy.sramFemtojoules, all)
        }
        if let leakage = facts.leakage { energy.idleFemtojoules = rail.drawn(leakage, activity.cycles) }
        if let operands = OperandActivity(layer, gatedBy: facts.gatesZeros) {
            energy.setExecuted(operands.changing(products: products, weights: weights, activations: inputs))
        }
        return energy
    }

    private func moved(_ bits: Int, _ perBit: EnergyPerBit?) -> Int {
        perBit?.energy(of: Bits(bits)).femtojoules ?? 0
    }
}
