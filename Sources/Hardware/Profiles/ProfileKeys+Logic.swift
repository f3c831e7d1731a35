extension ProfileKeys {
    static let logic: [ProfileKey] = [
        .init("lookupTables", .integer(0...100_000_000), .required, "Lookup tables."),
        .init("flipFlops", .integer(0...100_000_000), .required, "Flip-flops."),
        .init("blockMemories", .integer(0...1_000_000), .required, "Block memories of 36 Kbit."),
        .init("multipliers", .integer(0...1_000_000), .required, "Hard multipliers."),
        .init("inputBandwidth", .bandwidth, .optional, "Rate at which inputs reach the logic."),
        .init("port", .bits, .optional, "Width of the port through which frames enter and leave."),
        .init("portLatency", .cycles, .standard("0 cycles"), "Cycles before the first word of a frame arrives."),
        .init(
            "framesPerCall", .integer(1...1_000_000_000), .optional,
            "Frames that one call of the driver runs; left out, the stream has no end."),
        .init("callOverhead", .cycles, .standard("0 cycles"), "Cycles of one call of the driver besides its frames."),
        .init(
            "foldings", .names, .standard("[]"),
            "Given foldings, `LAYER:ELEMENTSxLANES` each (`conv0:16x3`); other layers are folded by search."),
    ]

    static let binary: [ProfileKey] = [
        .init("elements", .integer(1...1_000_000), .required, "Elements, each with the sum of one output."),
        .init("wordBits", .integer(1...1_000_000), .required, "Products of an element in a cycle."),
        .init("weightBits", .integer(1...32), .standard("1"), "Widest weight; bits beyond the first take passes."),
        .init(
            "activationBits", .integer(1...32), .standard("1"), "Widest activation; bits beyond the first take passes."),
        .init("accumulatorBits", .integer(1...64), .required, "Width of an element's sum."),
        .init("passOverhead", .cycles, .required, "Cycles of one pass over an output's words beyond one a word."),
        .init("weightStore", .bytes, .required, "Store for the weights of one layer."),
        .init("memoryBandwidth", .bandwidth, .required, "Rate of the memory behind the array."),
    ]
}
