public import Quantities

/// The constant operand of a layer as it lies in memory.
public struct WeightFootprint: Sendable, Hashable, Codable {
    /// How the elements are laid out.
    public enum Storage: String, Sendable, Hashable, Codable {
        /// Every element at its width.
        case dense
        /// One bit an element, then the elements that are not zero.
        case bitmap
        /// Elements that are not zero with the distance from the one before.
        case relativeIndex
        /// Of every block of neighbours so many elements, each with its place among them.
        case neighbours
        /// Parameters from which the elements are computed when they are needed: kernels take one read of a table each.
        case composed
    }

    /// Which elements are zero together; zeros of a regular structure can be skipped without an index for each.
    public enum ZeroStructure: String, Sendable, Hashable, Codable, CaseIterable {
        /// Single elements anywhere.
        case element
        /// Rows of a kernel.
        case vector
        /// Whole kernels of one input and output channel.
        case kernel
        /// Whole output channels.
        case filter
        /// One place of the kernels of one input channel, over all outputs.
        case column
        /// Tiles of neighbouring outputs and inputs.
        case block
    }

    /// Logical elements, zeros included.
    public var elements: Int
    /// Elements that are not zero.
    public var nonzeroElements: Int
    /// Width of one element.
    public var elementBits: Int
    /// `true` when an element is only a sign.
    public var isBipolar: Bool
    public var storage: Storage
    /// The coarsest structure that covers the zeros.
    public var zeroStructure: ZeroStructure
    /// Entries that the storage holds: the elements for dense storage, the non-zero ones and fillers otherwise.
    public var storedEntries: Int
    /// True size of the encoded elements, indices and tables included.
    public var encodedSize: Bits
    /// Biases, scales, multipliers, shifts and thresholds that belong to the layer.
    public var parameterSize: Bits
    /// Whether elements or indices are words of a code of variable length.
    public var isEntropyCoded: Bool
    /// Where the elements lie that are not zero, or nil where only their number is known.
    public var nonzeros: NonzeroStructure?
    /// Shannon entropy of an element as an independent symbol, in bits, counted on the weights; nil when unknown.
    public var entropyBits: Double?

    public init(
        elements: Int, nonzeroElements: Int, elementBits: Int, isBipolar: Bool, storage: Storage,
        zeroStructure: ZeroStructure, storedEntries: Int, encodedSize: Bits, parameterSize: Bits,
        isEntropyCoded: Bool = false, nonzeros: NonzeroStructure? = nil, entropyBits: Double? = nil
    ) {
        self.elements = elements
        self.nonzeroElements = nonzeroElements
        self.elementBits = elementBits
        self.isBipolar = isBipolar
        self.storage = storage
        self.zeroStructure = zeroStructure
        self.storedEntries = storedEntries
        self.encodedSize = encodedSize
        self.parameterSize = parameterSize
        self.isEntropyCoded = isEntropyCoded
        self.nonzeros = nonzeros
        self.entropyBits = entropyBits
    }

    /// The fraction of elements that are not zero, 0...1; 1 for an empty footprint.
    public var density: Double {
        elements == 0 ? 1 : Double(nonzeroElements) / Double(elements)
    }
}
