extension ProfileKeys {
    static let spatial: [ProfileKey] = [
        .init("weightBits", .bits, .required, "Widest weight that a cell multiplies in one step."),
        .init("activationBits", .bits, .required, "Widest activation that a cell multiplies in one step."),
        .init("accumulatorBits", .bits, .required, "Width of a partial sum."),
        .init(
            "assumedZeros", .integer(0...1000), .standard("0"),
            "Thousandths of activations taken to be zero where no run counted them; a network's inputs have none."),
        .init(
            "rowStationary", .section(rowStationary, extends: nil), .optional,
            "A grid of the row-stationary dataflow; else `axes` and `levels` are given."),
        .init("axes", .table(axis), .optional, "Directions of the array by name, for a free mapping."),
        .init("levels", .table(level), .optional, "Memories of the hierarchy from the cells outwards, by name."),
    ]

    static let rowStationary: [ProfileKey] = [
        .init("rows", .integer(1...4096), .required, "Rows of cells."),
        .init("columns", .integer(1...4096), .required, "Columns of cells."),
        .init("inputStore", .bytes, .required, "Store of inputs in a cell."),
        .init("filterStore", .bytes, .required, "Store of weights in a cell."),
        .init("sumStore", .bytes, .required, "Store of sums in a cell."),
        .init("sharedBuffer", .bytes, .required, "Buffer of inputs and sums, of one tile at a time."),
        .init("filterBuffer", .bytes, .required, "Buffer of the weights of the next pass."),
        .init("filterBus", .bits, .required, "Bits of weights that reach the cells in a cycle."),
        .init("inputBus", .bits, .required, "Bits of inputs that reach the cells in a cycle."),
        .init("sumBus", .bits, .required, "Bits of sums that reach the cells in a cycle, and as many that leave."),
        .init(
            "runBits", .bits, .standard("0 bit"),
            "Bits of the run of zeros before each activation in memory; 0 for none."),
        .init("codeWord", .bits, .standard("64 bit"), "Bits of a word that holds whole runs with their values."),
        .init("bufferEnergyPerBit", .energyPerBit, .optional, "One access of a buffer."),
        .init("networkEnergyPerBit", .energyPerBit, .optional, "One transfer between a buffer and the cells."),
    ]

    static let axis: [ProfileKey] = [
        .init("size", .integer(1...4096), .required, "Cells along this axis."),
        .init(
            "unrolls", .choices(words(LoopDimension.self)), .required,
            "Loops that may run along this axis, one for each layer."),
    ]

    static let level: [ProfileKey] = [
        .init("operands", .choices(words(LoopOperand.self)), .required, "Operands that it holds."),
        .init("size", .bytes, .required, "Size of one instance."),
        .init("word", .bits, .standard("1 bit"), "Smallest access; less costs as much."),
        .init("doubleBuffered", .flag, .standard("false"), "Whether half of it fills while the other half is read."),
        .init("serves", .names, .standard("[]"), "Axes whose cells share one instance; none for a store in each cell."),
        .init("readEnergyPerBit", .energyPerBit, .required, "Energy of reading one bit."),
        .init("writeEnergyPerBit", .energyPerBit, .required, "Energy of writing one bit."),
        .init("readBandwidth", .bandwidth, .optional, "Most that one instance delivers."),
        .init("writeBandwidth", .bandwidth, .optional, "Most that one instance takes in."),
    ]
}
