public import Quantities
public import Workloads

/// One kernel of a runtime library, described by the loops that it runs.
///
/// For a layer of G groups, M output channels, P output pixels and reductions of K products:
/// `ceil(P / block.pixels) * ceil(M / block.channels) * G` blocks; each runs `ceil(K / step)` iterations of `inner`
/// (each for `block.pixels * block.channels * step` products), then `perBlock`; each output runs `perOutput`;
/// each gathered input element `perGathered` (im2col: P * K * G elements, once); each output row `perRow`; the call `perCall`.
public struct Kernel: Sendable, Hashable, Codable {
    /// How input windows reach the inner loop.
    public enum Method: String, Sendable, Hashable, Codable, CaseIterable {
        /// Read where they lie.
        case direct
        /// Gathered first into a scratch buffer, widened to `gatheredBits`.
        case im2col
        /// Transformed tile by tile, so that a 3x3 window of stride 1 takes (tile + 2)^2 products for tile^2 outputs;
        /// `gathered` counts transformed elements, and `perOutput` includes the transform back.
        case winograd
    }

    /// The pieces of a layer that cores take one by one; the core with the most pieces decides the time.
    public enum Parallelism: String, Sendable, Hashable, Codable, CaseIterable {
        /// One core works.
        case none
        /// Rows of outputs.
        case outputRows
        /// Blocks of output pixels.
        case outputPixels
        /// Blocks of output channels.
        case outputChannels
        /// Blocks of output pixels and channels.
        case outputBlocks
    }

    /// How the weights are stored that this kernel reads.
    public enum WeightForm: String, Sendable, Hashable, Codable, CaseIterable {
        case dense
        /// Signs only, multiplied by adding or subtracting, or by XNOR and count where activations are signs too.
        case bipolar
        case bitmap
        case relativeIndex
        /// Of every block of neighbours so many weights, each with its place among them.
        case neighbours
        case codebook
    }

    /// Outputs that one pass of the inner loop computes together, so that operands in registers are used again.
    public struct Block: Sendable, Hashable, Codable {
        public var pixels: Int
        public var channels: Int

        public init(pixels: Int, channels: Int) {
            self.pixels = pixels
            self.channels = channels
        }
    }

    public var name: String
    public var computeClasses: Set<ComputeClass>
    /// `true` for convolutions with a 1x1 window only.
    public var pointwiseOnly: Bool
    /// Weight widths accepted, in bits; ignored for classes without weights.
    public var weightBits: ClosedRange<Int>
    /// Activation widths accepted, in bits.
    public var activationBits: ClosedRange<Int>
    /// `true` when it computes in float.
    public var isFloat: Bool
    public var weightForms: Set<WeightForm>
    public var method: Method
    /// Width of a gathered element in the scratch buffer.
    public var gatheredBits: Int
    /// Patches held in the scratch buffer at once.
    public var gatheredPatches: Int
    public var block: Block
    /// Products of one output that one iteration of `inner` adds.
    public var step: Int
    /// One iteration; for classes without products, one element of the reduction or one output element.
    public var inner: InstructionMix
    /// Each of the `K mod step` positions that do not fill a step, for a whole block; nil runs a last `inner` in full.
    public var perLeftover: InstructionMix?
    /// Each window position of each block, before it is known whether it lies inside the image.
    public var perTap: InstructionMix
    /// Each 32 bits of bitmap of each block, for weights stored as a bitmap.
    public var perIndexWord: InstructionMix
    /// After the reduction of a block, besides its outputs.
    public var perBlock: InstructionMix
    /// Requantization and store of one output.
    public var perOutput: InstructionMix
    /// One input element gathered.
    public var perGathered: InstructionMix
    /// One row of outputs.
    public var perRow: InstructionMix
    /// One call of the kernel.
    public var perCall: InstructionMix
    /// `true` when products with a zero weight are not executed (sparse forms).
    public var skipsZeroWeights: Bool
    /// `true` when products whose input lies outside the image are not executed; `false` multiplies padding like others.
    public var skipsPadding: Bool
    /// Code of the kernel in flash.
    public var codeSize: Bytes
    /// Side of the square of outputs of one Winograd transform; 0 for the other methods.
    public var tile: Int
    /// `true` when loops are cut so that operands pass the last cache as seldom as its size allows.
    public var isBlocked: Bool
    /// Width in which its float operands lie in memory, 16 or 32 bits.
    public var floatBits: Int
    /// Instruction sets that the library has it for; empty for any.
    public var architectures: [String]
    /// How cores share the kernel.
    public var parallelism: Parallelism

    /// Instruction classes that the core must have.
    public var requires: Set<InstructionClass> {
        let mixes = [inner, perTap, perIndexWord, perBlock, perOutput, perGathered, perRow, perCall]
        return mixes.reduce(into: perLeftover?.classes ?? []) { $0.formUnion($1.classes) }
    }

    public init(
        name: String, computeClasses: Set<ComputeClass>, pointwiseOnly: Bool, weightBits: ClosedRange<Int>,
        activationBits: ClosedRange<Int>, isFloat: Bool, weightForms: Set<WeightForm>, method: Method,
        gatheredBits: Int, gatheredPatches: Int, block: Block, step: Int, inner: InstructionMix,
        perBlock: InstructionMix, perOutput: InstructionMix, perGathered: InstructionMix, perRow: InstructionMix,
        perCall: InstructionMix, skipsZeroWeights: Bool, codeSize: Bytes, perLeftover: InstructionMix? = nil,
        perTap: InstructionMix = .none,
        perIndexWord: InstructionMix = .none, skipsPadding: Bool = false, tile: Int = 0, isBlocked: Bool = false,
        parallelism: Parallelism = .none, floatBits: Int = 32,
        architectures: [String] = []
    ) {
        self.name = name
        self.computeClasses = computeClasses
        self.pointwiseOnly = pointwiseOnly
        self.weightBits = weightBits
        self.activationBits = activationBits
        self.isFloat = isFloat
        self.weightForms = weightForms
        self.method = method
        self.gatheredBits = gatheredBits
        self.gatheredPatches = gatheredPatches
        self.block = block
        self.step = step
        self.inner = inner
        self.perBlock = perBlock
        self.perOutput = perOutput
        self.perGathered = perGathered
        self.perRow = perRow
        self.perCall = perCall
        self.skipsZeroWeights = skipsZeroWeights
        self.codeSize = codeSize
        (self.perLeftover, self.perTap, self.perIndexWord) = (perLeftover, perTap, perIndexWord)
        self.skipsPadding = skipsPadding
        self.tile = tile
        self.isBlocked = isBlocked
        self.parallelism = parallelism
        self.floatBits = floatBits
        self.architectures = architectures
    }
}
