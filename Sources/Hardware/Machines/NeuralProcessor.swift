public import Quantities

/// A block-based neural processor: what it computes in a cycle, and the buffer that limits its blocks.
///
/// Outputs are made in units of `unitHeight` x `unitWidth` x `unitDepth`, units in blocks, blocks one after another. The
/// shared buffer holds two input blocks and two blocks of sums in banks; banks are taken in granules.
public struct NeuralProcessor: Sendable, Hashable, Codable {
    /// 8 x 8-bit multiply-accumulates in each cycle, of all cores together.
    public var macsPerCycle: Int
    /// Cores that share each block.
    public var cores: Int
    /// Widest weight.
    public var weightBits: Bits
    /// Widest activation of a layer that multiplies.
    public var activationBits: Bits
    /// `true` when weights are stored losslessly compressed and decoded on the way.
    public var decodesWeights: Bool
    /// Outputs that one core makes at a time: rows, columns and channels.
    public var unitHeight: Int
    public var unitWidth: Int
    public var unitDepth: Int
    /// Input channels that are read together.
    public var inputUnitDepth: Int
    public var buffer: Buffer
    public var outputs: Outputs
    /// Cycles lost for a step of a block that is a single unit.
    public var stepDelay: Int
    /// The same with sums of 40 bits.
    public var wideStepDelay: Int
    /// Cycles lost for each unit of a block one row or column thick, with sums of 40 bits.
    public var thinBlockDelay: Int
    /// Bits of an input element that pooling takes in a pass; 0 when it takes all.
    public var poolingBits: Int
    /// Name of the memory that weights and feature maps are staged in; nil for the one that holds the activations.
    public var staging: String?

    /// The shared buffer, in banks.
    public struct Buffer: Sendable, Hashable, Codable {
        public var banks: Int
        public var bankSize: Bytes
        /// Banks kept for outputs on their way out.
        public var outputBanks: Int
        /// Banks kept at the end, which a table also takes.
        public var endBanks: Int
        /// Granules of input banks for elements of 8, 16 and 32 bits.
        public var granules8: Int
        public var granules16: Int
        public var granules32: Int
        /// Granules of banks for sums of 32 and of 40 bits.
        public var sumGranules: Int
        public var wideSumGranules: Int

        public init(
            banks: Int, bankSize: Bytes, outputBanks: Int, endBanks: Int, granules8: Int, granules16: Int,
            granules32: Int, sumGranules: Int, wideSumGranules: Int
        ) {
            self.banks = banks
            self.bankSize = bankSize
            self.outputBanks = outputBanks
            self.endBanks = endBanks
            self.granules8 = granules8
            self.granules16 = granules16
            self.granules32 = granules32
            self.sumGranules = sumGranules
            self.wideSumGranules = wideSumGranules
        }
    }

    /// Cycles that one core's output stage takes for an element, by what it does.
    public struct Outputs: Sendable, Hashable, Codable {
        /// A 32-bit element of one operand.
        public var wideUnary: CycleCost
        /// A 32-bit element of two operands.
        public var wideBinary: CycleCost
        /// A product of 32 bits.
        public var wideProduct: CycleCost
        /// A product, or a requantization of a 40-bit sum.
        public var product: CycleCost
        /// A sum or difference of two operands on different grids.
        public var sum: CycleCost
        /// The largest of a window.
        public var maximum: CycleCost
        /// A requantization of a 32-bit sum, and everything else.
        public var plain: CycleCost
        /// A look-up in a table.
        public var table: CycleCost

        public init(
            wideUnary: CycleCost, wideBinary: CycleCost, wideProduct: CycleCost, product: CycleCost, sum: CycleCost,
            maximum: CycleCost, plain: CycleCost, table: CycleCost
        ) {
            self.wideUnary = wideUnary
            self.wideBinary = wideBinary
            self.wideProduct = wideProduct
            self.product = product
            self.sum = sum
            self.maximum = maximum
            self.plain = plain
            self.table = table
        }
    }

    public init(
        macsPerCycle: Int, cores: Int, weightBits: Bits, activationBits: Bits, decodesWeights: Bool, unitHeight: Int,
        unitWidth: Int, unitDepth: Int, inputUnitDepth: Int, buffer: Buffer, outputs: Outputs, stepDelay: Int,
        wideStepDelay: Int, thinBlockDelay: Int, poolingBits: Int, staging: String?
    ) {
        self.macsPerCycle = macsPerCycle
        self.cores = cores
        self.weightBits = weightBits
        self.activationBits = activationBits
        self.decodesWeights = decodesWeights
        self.unitHeight = unitHeight
        self.unitWidth = unitWidth
        self.unitDepth = unitDepth
        self.inputUnitDepth = inputUnitDepth
        self.buffer = buffer
        self.outputs = outputs
        self.stepDelay = stepDelay
        self.wideStepDelay = wideStepDelay
        self.thinBlockDelay = thinBlockDelay
        self.poolingBits = poolingBits
        self.staging = staging
    }
}
