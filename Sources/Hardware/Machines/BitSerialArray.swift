public import Quantities

/// Elements that multiply operands digit by digit, so that cycles follow the bits of each operand.
///
/// A weight of w bits is `ceil(w / weightDigit)` digits, an activation of a bits `ceil(a / activationDigit)`; a product
/// takes the product of both counts in digit steps. BISMO has digits of one bit on both sides, Stripes serial activations
/// beside whole weights, UNPU serial weights beside whole activations; Bit Fusion joins 16 bricks of 2 x 2 bits.
public struct BitSerialArray: Sendable, Hashable, Codable {
    /// The operands whose zero bits take no step.
    public enum ZeroBits: String, Sendable, Hashable, Codable, CaseIterable {
        /// Every digit takes its step.
        case counted
        /// Steps follow the bits set in activations (Pragmatic).
        case skippedInActivations
        /// Steps follow the bits set in weights.
        case skippedInWeights
        /// Steps follow the pairs of bits set in both (Laconic).
        case skippedInBoth
    }

    /// Output pixels at once.
    public var rows: Int
    /// Output channels at once.
    public var columns: Int
    /// Products of one output at once.
    public var lanes: Int
    /// As `lanes`, for weights that are signs.
    public var signLanes: Int
    /// Bits of a digit.
    public var weightDigit: Bits
    public var activationDigit: Bits
    /// Digit products that one lane forms in a step; spare ones make further lanes.
    public var bricks: Int
    /// `true` when operands take a power of two of digits.
    public var roundsWidths: Bool
    public var zeroBits: ZeroBits
    /// Products that wait for the one with most bits set, for machines that skip zero bits.
    public var synchronizedProducts: Int
    /// Cycles to fill and drain for each tile of outputs.
    public var latency: Int
    /// Widest operands and sums.
    public var weightBits: Bits
    public var activationBits: Bits
    public var accumulatorBits: Bits
    /// Buffers before the memory behind; 0 where there is none.
    public var weightBuffer: Bytes
    public var activationBuffer: Bytes

    public init(
        rows: Int, columns: Int, lanes: Int, signLanes: Int, weightDigit: Bits, activationDigit: Bits, bricks: Int,
        roundsWidths: Bool, zeroBits: ZeroBits, synchronizedProducts: Int, latency: Int, weightBits: Bits,
        activationBits: Bits, accumulatorBits: Bits, weightBuffer: Bytes, activationBuffer: Bytes
    ) {
        self.rows = rows
        self.columns = columns
        self.lanes = lanes
        self.signLanes = signLanes
        self.weightDigit = weightDigit
        self.activationDigit = activationDigit
        self.bricks = bricks
        self.roundsWidths = roundsWidths
        self.zeroBits = zeroBits
        self.synchronizedProducts = synchronizedProducts
        self.latency = latency
        self.weightBits = weightBits
        self.activationBits = activationBits
        self.accumulatorBits = accumulatorBits
        self.weightBuffer = weightBuffer
        self.activationBuffer = activationBuffer
    }
}
