public import Hardware
import Quantities

/// The issue cycles of one piece of a kernel on a core, by what the instructions are for.
public struct PieceTime: Sendable, Hashable {
    public var multiplication = 0.0
    /// Loads and stores that hit.
    public var transfer = 0.0
    /// Bringing packed operands to the width that the core multiplies.
    public var unpacking = 0.0
    /// Addresses, comparisons, shifts, branches and calls.
    public var control = 0.0
    /// Instructions, of all classes.
    public var instructions = 0.0

    /// All of them together.
    public var total: Double { multiplication + transfer + unpacking + control }

    /// The time of a mix of instructions that do not wait for each other.
    ///
    /// The slowest of three limits binds: issue slots, memory ports, multiply units; the cycles are shared among
    /// purposes in proportion to their slots. An instruction that the core lacks counts nothing: check `has` first.
    public init(_ mix: InstructionMix, on core: Core) {
        for (instruction, count) in mix.thousandths {
            guard let cost = core.costs[instruction] else { continue }
            instructions += Double(count) / 1000
            add(Double(count) * Double(cost.thousandths) / 1e6, of: instruction)
        }
        let slots = total
        guard slots > 0 else { return }
        let limits = [
            slots / Double(max(1, core.issueWidth)), transfer / Double(max(1, core.memoryPorts)),
            multiplication / Double(max(1, core.multiplyUnits)),
        ]
        let share = limits.reduce(0, max) / slots
        multiplication *= share
        transfer *= share
        unpacking *= share
        control *= share
    }

    private mutating func add(_ cycles: Double, of instruction: InstructionClass) {
        switch instruction {
        case .multiplyAccumulate, .dualMultiplyAccumulate, .quadMultiplyAccumulate, .vectorMultiplyAccumulate,
            .vectorDotProduct, .longMultiply, .populationCount, .floatMultiplyAccumulate, .floatArithmetic,
            .vectorFloatMultiplyAccumulate, .vectorHalfMultiplyAccumulate, .divide, .vectorArithmetic:
            multiplication += cycles
        case .load, .pipelinedLoad, .vectorLoad, .store, .vectorStore:
            transfer += cycles
        case .extend, .bitField:
            unpacking += cycles
        case .arithmetic, .branch, .call:
            control += cycles
        }
    }
}
