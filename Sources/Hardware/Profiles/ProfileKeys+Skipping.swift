extension ProfileKeys {
    static let sparse: [ProfileKey] =
        [
            .init(
                "skipping", .choice(words(SparseArray.Skipping.self)), .required, "Which zeros are skipped, and how."),
            .init("rows", .integer(1...4096), .required, "Elements along image rows, or output pixels."),
            .init("columns", .integer(1...4096), .required, "Elements along image columns, or output channels."),
            .init("activationLanes", .integer(1...4096), .required, "Activations that an element takes at once."),
            .init(
                "weightLanes", .integer(1...4096), .required, "Weights that each of them is multiplied with at once."),
            .init("queueDepth", .integer(2...65536), .standard("2"), "Activations that may wait before an element."),
            .init("indexBits", .bits, .standard("4 bit"), "Width of a relative index between stored weights."),
            .init("blockSize", .integer(1...16), .standard("4"), "Neighbouring weights of an N:M block: M."),
            .init("blockNonzeros", .integer(1...16), .standard("2"), "Weights of a block that are kept: N."),
            .init("accumulators", .integer(1...1_000_000), .standard("1024"), "Sums that an element holds at once."),
            .init(
                "accumulatorBanks", .integer(1...65536), .standard("32"), "Banks that the sums of an element lie in."),
        ] + operands

    static let bitSerial: [ProfileKey] =
        [
            .init("rows", .integer(1...4096), .required, "Output pixels at once."),
            .init("columns", .integer(1...4096), .required, "Output channels at once."),
            .init("lanes", .integer(1...65536), .required, "Products of one output at once."),
            .init(
                "signLanes", .integer(1...65536), .optional,
                "As `lanes`, for weights that are signs; `lanes` if left out."),
            .init("weightDigit", .bits, .required, "Bits of a weight in one step."),
            .init("activationDigit", .bits, .required, "Bits of an activation in one step."),
            .init(
                "bricks", .integer(1...4096), .standard("1"),
                "Digit products of a lane in one step; spare ones make lanes."),
            .init("roundsWidths", .flag, .standard("false"), "Whether operands take a power of two of digits."),
            .init(
                "zeroBits", .choice(words(BitSerialArray.ZeroBits.self)), .standard("counted"),
                "Operands whose zero bits take no step."),
            .init(
                "synchronizedProducts", .integer(1...65536), .standard("1"),
                "Products that wait for the one with most bits set."),
            .init("latency", .cycles, .standard("0 cycles"), "Cycles to fill and drain for each tile of outputs."),
        ] + operands

    /// Widths and buffers that both kinds state.
    private static let operands: [ProfileKey] = [
        .init("weightBits", .bits, .required, "Widest weight."),
        .init("activationBits", .bits, .required, "Widest activation."),
        .init("accumulatorBits", .bits, .required, "Width of a sum."),
        .init("weightBuffer", .bytes, .standard("0 B"), "Buffer of weights before the memory behind."),
        .init("activationBuffer", .bytes, .standard("0 B"), "Buffer of activations before the memory behind."),
    ]
}
