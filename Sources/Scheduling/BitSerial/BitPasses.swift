public import Hardware
import Quantities
import Workloads

/// How the products of a layer pass through an array that multiplies digit by digit.
///
/// With w and a digits of the operands and b bricks a lane: `ceil(w a / b)` passes over a reduction of
/// `ceil(K / (lanes * max(1, floor(b / (w a)))))` steps; a tile of `rows * columns` outputs takes the product of both,
/// and the latency. `groups * ceil(P / rows) * ceil(M / columns)` tiles.
public struct BitPasses: Sendable, Hashable, Codable {
    /// Tiles of outputs, over all groups.
    public var tiles: Int
    /// Steps along the reduction of a tile.
    public var steps: Int
    /// Passes of a step, in thousandths: whole unless zero bits are skipped.
    public var passThousandths: Int
    /// Products of one output that a step adds.
    public var lanes: Int
    /// Digit products that the operands take, as a share of what the widest operands take.
    public var digitShare: Double
    /// Cycles in which digits are multiplied.
    public var multiplyCycles: Int
    /// Cycles to fill and drain tiles.
    public var latencyCycles: Int
    /// Bits that pass from the buffers of weights and activations to the lanes.
    public var weightReadBits: Int
    public var activationReadBits: Int

    public init(_ operands: LayerOperands, on array: BitSerialArray) {
        let layer = operands.layer
        let loops = layer.loops
        let digits = DigitPair(operands, on: array)
        let widest = DigitPair(
            weights: array.digits(array.weightBits.count, each: array.weightDigit.count),
            activations: array.digits(array.activationBits.count, each: array.activationDigit.count))
        let isSign = (layer.weights?.elementBits ?? operands.inputBits) == 1
        lanes = (isSign ? array.signLanes : array.lanes) * max(1, array.bricks / digits.product)
        let pixels = loops.batch * loops.outputHeight * loops.outputWidth
        let pixelFolds = ceiling(pixels, array.rows)
        let outputFolds = ceiling(loops.outputChannels, array.columns)
        tiles = loops.groups * pixelFolds * outputFolds
        steps = ceiling(loops.reductionLength, lanes)
        let whole = ceiling(digits.product, array.bricks)
        let essential = EssentialBits(operands, digits, on: array)?.passThousandths(atMost: whole)
        passThousandths = essential ?? whole * 1000
        digitShare = (essential.map { Double($0) / 1000 } ?? Double(digits.product)) / Double(widest.product)
        let limit = Int128(9_000_000_000_000_000)
        let passes = Int128(tiles) * Int128(steps) * Int128(passThousandths)
        multiplyCycles = Int(min(limit, (passes + 999) / 1000))
        latencyCycles = Int(min(limit, Int128(tiles) * Int128(array.latency)))
        let weights = loops.groups * loops.outputChannels * loops.reductionLength
        weightReadBits = weights * pixelFolds * (layer.weights?.elementBits ?? operands.inputBits)
        activationReadBits = loops.groups * pixels * loops.reductionLength * outputFolds * operands.inputBits
    }

    public var cycles: Int { multiplyCycles + latencyCycles }
}

extension BitSerialArray {
    /// Digits of an operand of so many bits, at least one.
    func digits(_ bits: Int, each digit: Int) -> Int {
        let count = max(1, ceiling(bits, max(1, digit)))
        guard roundsWidths, count > 1 else { return count }
        return 1 << (Int.bitWidth - (count - 1).leadingZeroBitCount)
    }
}

/// Digits of both operands of a product.
struct DigitPair {
    var weights: Int
    var activations: Int

    var product: Int { weights * activations }
}

extension DigitPair {
    init(_ operands: LayerOperands, on array: BitSerialArray) {
        weights = array.digits(
            operands.layer.weights?.elementBits ?? operands.inputBits, each: array.weightDigit.count)
        activations = array.digits(operands.inputBits, each: array.activationDigit.count)
    }
}
