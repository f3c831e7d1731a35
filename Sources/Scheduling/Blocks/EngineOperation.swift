/// One operation of a block-based engine: what its command stream asks for at a time.
public struct EngineOperation: Sendable, Hashable, Codable {
    /// The part of the engine that computes.
    public enum Unit: String, Sendable, Hashable, Codable {
        /// Products summed over a window and all input channels.
        case convolution
        /// Products summed over a window of one channel.
        case depthwise
        /// A window of one channel without weights.
        case pooling
        /// A sum over all channels without weights.
        case reduction
        /// One or two operands, element by element.
        case elementwise
    }

    /// What the output stage does with an element.
    public enum Stage: String, Sendable, Hashable, Codable {
        case plain
        /// Two operands brought to one grid.
        case sum
        case product
        /// The largest of a window.
        case maximum
    }

    public var unit: Unit
    public var stage = Stage.plain
    public var input: BlockShape
    /// The second operand, or nil for an operation of one.
    public var second: BlockShape?
    /// The second operand is a constant.
    public var secondIsConstant = false
    public var output: BlockShape
    public var kernelHeight = 1
    public var kernelWidth = 1
    public var strideHeight = 1
    public var strideWidth = 1
    public var dilationHeight = 1
    public var dilationWidth = 1
    /// How many times larger the input is made before it is read: 1 or 2.
    public var upscale = 1
    public var inputBits: Int
    public var outputBits: Int
    /// Bytes of a table that results are looked up in; 0 for none.
    public var tableBytes = 0
    /// Times that the operation runs, on other channels each.
    public var repeats = 1

    public init(_ unit: Unit, input: BlockShape, output: BlockShape, inputBits: Int, outputBits: Int) {
        self.unit = unit
        self.input = input
        self.output = output
        self.inputBits = inputBits
        self.outputBits = outputBits
    }

    /// Rows that the window spans.
    public var spannedHeight: Int { (kernelHeight - 1) * dilationHeight + 1 }

    /// Columns that the window spans.
    public var spannedWidth: Int { (kernelWidth - 1) * dilationWidth + 1 }

    /// `true` for operations that multiply with constants.
    public var hasWeights: Bool { unit == .convolution || unit == .depthwise }

    /// `true` when one of two operands is a single element.
    public var hasScalar: Bool { input.elements == 1 || second?.elements == 1 }

    /// Sums of 40 bits are kept for products of 16-bit activations.
    public var hasWideSums: Bool { inputBits == 16 && (hasWeights || unit == .reduction) }
}
