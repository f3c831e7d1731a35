/// The keys of every layer.
enum ProfileKeys {
    static let bitWidths = 1...64

    static let device: [ProfileKey] = [
        .init("summary", .text, .required, "One sentence for people."),
        .init("machine", .choice(words(Machine.Kind.self)), .required, "The kind of machine that computes."),
        .init("clock", .frequency, .required, "The clock in which cycles are counted."),
        .init("defaultRuntime", .text, .optional, "Runtime library taken when none is asked for, by name."),
        .init("arithmetic", .names, .standard("[]"), "Rounding rules honoured exactly; empty means any, in software."),
        .init("core", .section(core, extends: .core), .optional, "The processor core, for `machine: processor`."),
        .init("array", .section(array, extends: nil), .optional, "The grid, for `machine: systolicArray`."),
        .init("npu", .section(npu, extends: nil), .optional, "The engine, for `machine: neuralProcessor`."),
        .init("logic", .section(logic, extends: nil), .optional, "Resources, for `machine: programmableLogic`."),
        .init("spatial", .section(spatial, extends: nil), .optional, "The cells, for `machine: spatialArray`."),
        .init("sparse", .section(sparse, extends: nil), .optional, "The elements, for `machine: sparseArray`."),
        .init(
            "bitSerial", .section(bitSerial, extends: nil), .optional, "The elements, for `machine: bitSerialArray`."),
        .init("binary", .section(binary, extends: nil), .optional, "The elements, for `machine: binaryArray`."),
        .init("memories", .table(memory), .optional, "Memories by name, in order of preference."),
        .init("caches", .table(cache), .optional, "Caches by name."),
        .init("energy", .section(energy, extends: nil), .optional, "What is known of its energy."),
        .init(
            "calibration", .section(calibration, extends: nil), .optional, "How estimates compare with measurements."),
    ]

    static let core: [ProfileKey] = [
        .init("name", .text, .required, "The core's name, such as `Cortex-M4`."),
        .init("architecture", .text, .required, "Instruction set, such as `armv7e-m`."),
        .init("pipeline", .choice(words(Core.Pipeline.self)), .required, "How instructions are started."),
        .init("count", .integer(1...1024), .standard("1"), "Cores of this kind that can share one network."),
        .init("issueWidth", .integer(1...16), .required, "Instructions that can start in one cycle."),
        .init("memoryPorts", .integer(1...16), .required, "Of these, loads and stores."),
        .init("multiplyUnits", .integer(1...16), .required, "Of these, multiplications."),
        .init("vectorWidth", .bits, .standard("0 bit"), "Bits of a vector register; 0 for a core without vectors."),
        .init(
            "costs", .section(instructions(.cost), extends: nil), .required,
            "Issue cost of each class of instruction; a class left out has no instruction."),
    ]

    static let array: [ProfileKey] = [
        .init("rows", .integer(1...4096), .required, "Rows of cells."),
        .init("columns", .integer(1...4096), .required, "Columns of cells."),
        .init(
            "dataflow", .choice(words(SystolicArray.Dataflow.self)), .required, "The operand that stays in the cells."),
        .init("weightBits", .bits, .required, "Widest weight that a cell multiplies in one step."),
        .init("activationBits", .bits, .required, "Widest activation that a cell multiplies in one step."),
        .init("accumulatorBits", .bits, .required, "Width of a cell's sum."),
        .init("doubleBuffered", .flag, .required, "Whether a buffer fills while the array reads its other half."),
        .init("memoryBandwidth", .bandwidth, .required, "Rate between the buffers and the memory behind them."),
        .init("memoryLatency", .cycles, .required, "Cycles before the first byte of a transfer arrives."),
        .init("burst", .bytes, .required, "Smallest transfer."),
    ]

    static let memory: [ProfileKey] = [
        .init(
            "kind", .choice(words(Memory.Kind.self)), .required, "Technology; `flash` counts as flash, others as RAM."),
        .init("size", .bytes, .required, "Size."),
        .init("holds", .choices(words(Content.self)), .required, "What may lie here."),
        .init("busWidth", .bits, .required, "Bits of one access on the bus."),
        .init("waitStates", .cycles, .required, "Extra cycles of the device's clock for an access of one line."),
        .init("writeWaitStates", .cycles, .optional, "The same for a write, where it differs."),
        .init("lineSize", .bytes, .required, "Bytes that one access of the memory itself delivers."),
        .init("prefetch", .flag, .standard("false"), "Whether data reads fetch the next line while this one is used."),
        .init("bandwidth", .bandwidth, .optional, "Sustained rate, where width, waits and clock do not say it."),
        .init("readEnergyPerBit", .energyPerBit, .optional, "Energy of reading one bit."),
        .init("writeEnergyPerBit", .energyPerBit, .optional, "Energy of writing one bit."),
        .init(
            "dram", .choice(words(DRAMKind.self)), .optional,
            "Kind of off-chip memory, for its published energy where none is given."),
    ]

    static let cache: [ProfileKey] = [
        .init("side", .choice(words(Cache.Side.self)), .required, "Which accesses pass through it."),
        .init("level", .integer(1...4), .standard("1"), "1 is nearest to the core."),
        .init("size", .bytes, .required, "Size."),
        .init("lineSize", .bytes, .required, "Bytes of a line."),
        .init("ways", .integer(1...65536), .required, "Associativity."),
        .init("serves", .names, .required, "Names of the memories that it stands before."),
        .init("hitLatency", .cycles, .standard("0 cycles"), "Cycles of a hit beyond the load's own cost."),
    ]

    static let energy: [ProfileKey] = [
        .init("activePower", .power, .optional, "Whole supply rail while a network runs; wins over `rail`."),
        .init("activeClock", .frequency, .optional, "Clock at which `activePower` holds, if not the device's."),
        .init("activeSupply", .voltage, .optional, "Supply at which `activePower` holds, if not the board's."),
        .init("idlePower", .power, .optional, "Whole supply rail while it waits."),
        .init("leakage", .power, .optional, "Static power, drawn at all times."),
        .init("perMac", .energy, .optional, "One multiply-accumulate at the native width."),
        .init("perInstruction", .energy, .optional, "One instruction of any class."),
        .init("perLocalAccess", .energy, .optional, "One register-file or cell-store access of a native operand."),
        .init("supply", .voltage, .optional, "Voltage of the board's supply rail."),
        .init(
            "regulator", .choice(words(Regulator.self)), .optional,
            "`ldo` draws a constant current from the rail, `smps` a constant power."),
        .init("coreVoltage", .voltage, .optional, "Voltage behind the regulator."),
        .init("efficiency", .count, .optional, "Share of the rail's power that an `smps` passes on, 0 to 1."),
        .init("rail", .table(railPoint), .optional, "Measured power of the supply rail, by the firmware that ran."),
        .init(
            "technology", .section(technology, extends: nil), .optional,
            "Process from which energies that are not given are derived."),
        .init("operations", .table(operation), .optional, "Energies of operations by width, known of this design."),
        .init(
            "gatesZeros", .choices(words(ZeroGate.self)), .standard("[]"),
            "Operands whose zeros keep the multiplier still; no time is saved."),
    ]

    static let technology: [ProfileKey] = [
        .init("node", .length, .required, "Feature size, 7 nm to 130 nm."),
        .init("voltage", .voltage, .required, "Supply of the logic."),
        .init(
            "table", .choice(words(PublishedEnergies.Name.self)), .standard("horowitz"),
            "Published energies that are scaled to it."),
    ]

    static let operation: [ProfileKey] = [
        .init("operation", .choice(words(OperationKind.self)), .required, "What is computed."),
        .init("width", .bits, .required, "Width of each operand."),
        .init("energy", .energy, .required, "One operation, at the device's own process and voltage."),
    ]

    static let railPoint: [ProfileKey] = [
        .init("power", .power, .optional, "Power of the rail; or give `current`."),
        .init("current", .current, .optional, "Current of the rail at `supply`."),
        .init("supply", .voltage, .optional, "Supply during the measurement, if not the board's."),
        .init("regulator", .choice(words(Regulator.self)), .optional, "Regulator in use, if not the board's."),
        .init("coreVoltage", .voltage, .optional, "Voltage behind the regulator, if not the board's."),
        .init("clock", .frequency, .optional, "Clock during the measurement, if not the device's."),
        .init("runtimes", .names, .standard("[]"), "Runtime libraries of that firmware; empty means any other."),
    ]

    /// One key for each class of instruction.
    static func instructions(_ kind: ProfileKey.Kind) -> [ProfileKey] {
        InstructionClass.allCases.map { .init($0.rawValue, kind, .optional, $0.summary) }
    }

    static func words<C: CaseIterable & RawRepresentable>(_ type: C.Type) -> [String] where C.RawValue == String {
        C.allCases.map(\.rawValue)
    }
}
