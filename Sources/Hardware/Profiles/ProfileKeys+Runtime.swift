import Workloads

extension ProfileKeys {
    static let runtime: [ProfileKey] = [
        .init("summary", .text, .required, "One sentence for people."),
        .init("version", .text, .required, "Version of the library that is described."),
        .init(
            "kernels", .table(kernel), .optional, "Kernels by name; the cheapest that core and layer allow is taken."),
        .init(
            "calibration", .table(calibration), .optional,
            "How estimates compare with measurements, by the name of the core, such as `Cortex-A72`."),
        .init("work", .section(work, extends: nil), .optional, "Costs by class of work, for a library without loops."),
        .init("perLayer", mix, .optional, "Executed once for each layer besides its kernel."),
        .init("perInference", mix, .optional, "Executed once for each inference."),
        .init("perFork", mix, .optional, "Executed once for each layer that several cores share (start, barrier)."),
        .init("codeSize", .bytes, .required, "Code in flash besides the kernels."),
        .init("fixedRAM", .bytes, .required, "RAM besides tensors and scratch."),
        .init("perLayerRAM", .bytes, .required, "RAM for each layer."),
        .init("perLayerFlash", .bytes, .required, "Flash for each layer besides its weights."),
        .init("alignment", .bytes, .required, "Tensors start at multiples of this."),
        .init("packsActivations", .flag, .standard("false"), "Whether activations lie packed at their width."),
    ]

    static let kernel: [ProfileKey] = [
        .init("computeClasses", .choices(words(ComputeClass.self)), .required, "Classes of work that it does."),
        .init("pointwiseOnly", .flag, .standard("false"), "Whether it is for 1x1 windows only."),
        .init("weightBits", .range(bitWidths), .required, "Weight widths accepted."),
        .init("activationBits", .range(bitWidths), .required, "Activation widths accepted."),
        .init("isFloat", .flag, .standard("false"), "Whether it computes in float."),
        .init("floatBits", .integer(16...32), .standard("32"), "Width in which its float operands lie in memory."),
        .init("architectures", .names, .standard("[]"), "Instruction sets that it exists for; empty for any."),
        .init("weightForms", .choices(words(Kernel.WeightForm.self)), .standard("[dense]"), "Weight storage it reads."),
        .init("method", .choice(words(Kernel.Method.self)), .standard("direct"), "How windows reach the inner loop."),
        .init("gatheredBits", .integer(1...64), .standard("8"), "Width of a gathered element in the scratch buffer."),
        .init("gatheredPatches", .integer(0...4096), .standard("0"), "Patches in the scratch buffer at once."),
        .init("blockPixels", .integer(1...4096), .standard("1"), "Output pixels computed together."),
        .init("blockChannels", .integer(1...4096), .standard("1"), "Output channels computed together."),
        .init(
            "tile", .integer(0...14), .standard("0"),
            "Side of the square of outputs of one Winograd transform, for `method: winograd`."),
        .init(
            "blocked", .flag, .standard("false"),
            "Whether loops are cut so that operands pass the last cache as seldom as its size allows."),
        .init(
            "parallel", .choice(words(Kernel.Parallelism.self)), .standard("none"),
            "Pieces of a layer that cores take one by one."),
        .init("step", .integer(1...4096), .standard("1"), "Products of one output that one inner iteration adds."),
        .init("inner", mix, .optional, "One inner iteration, for the whole block."),
        .init(
            "perLeftover", mix, .optional, "Each position that does not fill a step; left out, a full iteration runs."),
        .init("perTap", mix, .optional, "Each window position of each block."),
        .init("perIndexWord", mix, .optional, "Each 32 bits of bitmap of each block."),
        .init("perBlock", mix, .optional, "After the reduction of a block, besides its outputs."),
        .init("perOutput", mix, .optional, "Requantization and store of one output."),
        .init("perGathered", mix, .optional, "One input element gathered."),
        .init("perRow", mix, .optional, "One row of outputs."),
        .init("perCall", mix, .optional, "One call."),
        .init("skipsZeroWeights", .flag, .standard("false"), "Whether products with a zero weight are not executed."),
        .init("skipsPadding", .flag, .standard("false"), "Whether products outside the image are not executed."),
        .init("codeSize", .bytes, .required, "Code in flash."),
    ]

    /// A mapping from classes of instruction to how many are executed.
    static let mix = ProfileKey.Kind.section(instructions(.count), extends: nil)
}

extension InstructionClass {
    /// One sentence for the profile reference.
    var summary: String {
        switch self {
        case .multiplyAccumulate: "32-bit multiply with accumulation (MLA)."
        case .dualMultiplyAccumulate: "Two 16-bit products added to a 32-bit sum (SMLAD)."
        case .quadMultiplyAccumulate: "Four 8-bit products added to a 32-bit sum (pv.sdotsp.b)."
        case .vectorMultiplyAccumulate: "A whole vector of widening products (VMLADAV, SMLAL)."
        case .vectorDotProduct: "A whole vector of 8-bit products, four added to each 32-bit sum (SDOT)."
        case .longMultiply: "32 x 32 to 64 bits (SMULL)."
        case .load: "A single load."
        case .pipelinedLoad: "A load in a run of loads."
        case .vectorLoad: "A whole-vector load."
        case .store: "A store."
        case .vectorStore: "A whole-vector store."
        case .arithmetic: "Add, compare, logic, shift, move, saturate."
        case .extend: "Bytes to halves (SXTB16), halfword packing (PKHBT)."
        case .bitField: "Bit-field extract (SBFX)."
        case .vectorArithmetic: "A whole-vector operation that is not a multiplication."
        case .populationCount: "Set bits of a 32-bit word, as an instruction."
        case .divide: "A division."
        case .branch: "A taken branch, pipeline refill included."
        case .floatMultiplyAccumulate: "Float multiply with accumulation."
        case .floatArithmetic: "Another float operation."
        case .vectorFloatMultiplyAccumulate: "A whole vector of 32-bit float products added to sums (FMLA)."
        case .vectorHalfMultiplyAccumulate: "A whole vector of 16-bit float products added to sums (FMLA)."
        case .call: "A function call and return with saved registers."
        }
    }
}
