public import Quantities

/// Elements that skip products with zeros, one style of skipping for each family of machines.
public struct SparseArray: Sendable, Hashable, Codable {
    /// Which zeros are skipped, and how the rest is shared out.
    public enum Skipping: String, Sendable, Hashable, Codable, CaseIterable {
        /// Outputs interleaved over the elements, each with its non-zero weights column by column behind relative
        /// indices; only activations that are not zero are broadcast (EIE).
        case compressedColumns
        /// Lanes of activations that each pass over their own zeros and wait for each other at the end of a window;
        /// weights are dense (Cnvlutin).
        case activationLanes
        /// Each element multiplies all non-zero activations of its tile of the image with all non-zero weights of a
        /// channel (SCNN).
        case cartesianProducts
        /// A dense array that takes a fraction of the steps when the weights keep an `N:M` structure, else none.
        case structuredBlocks
    }

    public var skipping: Skipping
    /// Elements along the first axis: image rows of a tile, or output pixels.
    public var rows: Int
    /// Elements along the second axis: image columns of a tile, or output channels.
    public var columns: Int
    /// Activations that an element takes at once.
    public var activationLanes: Int
    /// Weights of other outputs that an element multiplies each of them with.
    public var weightLanes: Int
    /// Activations that may wait before an element of `compressedColumns`.
    public var queueDepth: Int
    /// Width of a relative index between stored weights.
    public var indexBits: Bits
    /// Neighbours of which at most `blockNonzeros` may be kept, for `structuredBlocks`.
    public var blockSize: Int
    public var blockNonzeros: Int
    /// Sums that an element holds at once, and the banks that they lie in, for `cartesianProducts`.
    public var accumulators: Int
    public var accumulatorBanks: Int
    /// Widest operands and sums.
    public var weightBits: Bits
    public var activationBits: Bits
    public var accumulatorBits: Bits
    /// Buffers before the memory behind; 0 where there is none.
    public var weightBuffer: Bytes
    public var activationBuffer: Bytes

    public init(
        skipping: Skipping, rows: Int, columns: Int, activationLanes: Int, weightLanes: Int, queueDepth: Int,
        indexBits: Bits, blockSize: Int, blockNonzeros: Int, accumulators: Int, accumulatorBanks: Int,
        weightBits: Bits, activationBits: Bits, accumulatorBits: Bits, weightBuffer: Bytes, activationBuffer: Bytes
    ) {
        self.skipping = skipping
        self.rows = rows
        self.columns = columns
        self.activationLanes = activationLanes
        self.weightLanes = weightLanes
        self.queueDepth = queueDepth
        self.indexBits = indexBits
        self.blockSize = blockSize
        self.blockNonzeros = blockNonzeros
        self.accumulators = accumulators
        self.accumulatorBanks = accumulatorBanks
        self.weightBits = weightBits
        self.activationBits = activationBits
        self.accumulatorBits = accumulatorBits
        self.weightBuffer = weightBuffer
        self.activationBuffer = activationBuffer
    }

    /// Processing elements.
    public var elements: Int { rows * columns }

    /// Products of the whole machine in a cycle.
    public var productsPerCycle: Int { elements * activationLanes * weightLanes }
}
