extension ProfileKeys {
    /// The engine of a neural processor.
    static let npu: [ProfileKey] = [
        .init("macsPerCycle", .integer(1...1_000_000), .required, "8 x 8-bit multiply-accumulates in each cycle."),
        .init("cores", .integer(1...64), .standard("1"), "Cores that share each block."),
        .init("weightBits", .bits, .required, "Widest weight."),
        .init("activationBits", .bits, .required, "Widest activation of a layer that multiplies."),
        .init("decodesWeights", .flag, .required, "Whether weights are stored losslessly compressed."),
        .init("unitHeight", .integer(1...64), .required, "Rows of outputs that a core makes at a time."),
        .init("unitWidth", .integer(1...64), .required, "Columns of outputs that a core makes at a time."),
        .init("unitDepth", .integer(1...1024), .required, "Channels of outputs that a core makes at a time."),
        .init("inputUnitDepth", .integer(1...1024), .required, "Input channels that are read together."),
        .init("buffer", .section(npuBuffer, extends: nil), .required, "The buffer of input blocks and sums, in banks."),
        .init(
            "outputs", .section(npuOutputs, extends: nil), .required,
            "Cycles of one core's output stage for an element, by what it does."),
        .init("stepDelay", .cycles, .standard("0 cycles"), "Lost for a step of a block that is a single unit."),
        .init("wideStepDelay", .cycles, .standard("0 cycles"), "The same with sums of 40 bits."),
        .init("thinBlockDelay", .cycles, .standard("0 cycles"), "Lost for a unit of a thin block with 40-bit sums."),
        .init("poolingBits", .bits, .standard("0 bit"), "Bits of an input that pooling takes in a pass; 0 is all."),
        .init("staging", .text, .optional, "Memory that weights and maps are staged in, if not the activations'."),
    ]

    private static let npuBuffer: [ProfileKey] = [
        .init("banks", .integer(1...65536), .required, "Banks in all."),
        .init("bankSize", .bytes, .required, "Size of a bank."),
        .init("outputBanks", .integer(0...65536), .required, "Banks kept for outputs on their way out."),
        .init("endBanks", .integer(0...65536), .standard("0"), "Banks kept at the end, which a table also takes."),
        .init("granules8", .integer(1...65536), .required, "Granule of banks for 8-bit inputs."),
        .init("granules16", .integer(1...65536), .required, "Granule of banks for 16-bit inputs."),
        .init("granules32", .integer(1...65536), .required, "Granule of banks for 32-bit inputs."),
        .init("sumGranules", .integer(1...65536), .required, "Granule of banks for 32-bit sums."),
        .init("wideSumGranules", .integer(1...65536), .required, "Granule of banks for 40-bit sums."),
    ]

    private static let npuOutputs: [ProfileKey] = [
        .init("wideUnary", .cost, .required, "A 32-bit element of one operand."),
        .init("wideBinary", .cost, .required, "A 32-bit element of two operands."),
        .init("wideProduct", .cost, .required, "A product of 32 bits."),
        .init("product", .cost, .required, "A product, or the requantization of a 40-bit sum."),
        .init("sum", .cost, .required, "A sum of two operands on different grids."),
        .init("maximum", .cost, .required, "The largest of a window."),
        .init("plain", .cost, .required, "The requantization of a 32-bit sum, and everything else."),
        .init("table", .cost, .required, "A look-up in a table."),
    ]
}
