public import ExactArithmetic
public import FixedPoint
import Tensors

/// The exact range of the partial sums of a layer, over all channels and all inputs of the input's format.
///
/// A channel's largest sum is its bias, every positive weight with the largest input and every negative one with the
/// smallest; inputs of zero, which every format's zero point allows, make it the largest partial sum in any order too.
/// A transposed convolution adds only some of a channel's products to each sum: its sums stay within the range.
public struct SumRange: Sendable, Hashable {
    public let lower: BigInteger
    public let upper: BigInteger

    /// The largest magnitude of the partial sums of each channel, saturated to 64 bits.
    package let channelMagnitudes: [Int]

    /// Bits of the narrowest two's complement register that never overflows, at least 1.
    public let requiredBits: Int

    /// - Parameters:
    ///   - weights: without zero points.
    ///   - bias: one for each channel.
    ///   - inner: neighbouring weights of one channel; behind them lie those of the next.
    ///   - input: what an input without its zero point may be; holds 0.
    package init(weights: [Int], bias: [Int], elementsPerChannel inner: Int, input: ClosedRange<Int>) {
        var positive = [Int128](repeating: 0, count: bias.count)
        var negative = positive
        var (channel, left) = (0, inner)
        for weight in weights {
            if weight > 0 { positive[channel] += Int128(weight) } else { negative[channel] += Int128(weight) }
            left -= 1
            if left == 0 { (channel, left) = (channel + 1 == bias.count ? 0 : channel + 1, inner) }
        }
        let (smallest, largest) = (BigInteger(input.lowerBound), BigInteger(input.upperBound))
        var (lower, upper) = (BigInteger.zero, BigInteger.zero)
        var magnitudes: [Int] = []
        for channel in bias.indices {
            let (start, gains, losses) = (
                BigInteger(bias[channel]), BigInteger(positive[channel]), BigInteger(negative[channel])
            )
            let (least, most) = (
                start + gains * smallest + losses * largest, start + gains * largest + losses * smallest
            )
            magnitudes.append(SumRange.saturated(max(-least, most)))
            (lower, upper) = (min(lower, least), max(upper, most))
        }
        (self.lower, self.upper) = (lower, upper)
        channelMagnitudes = magnitudes
        requiredBits = max((-lower - 1).bitLength, upper.bitLength) + 1
    }

    /// The range of the sums of `node`, or nil for a node that is no layer of integers with constant weights and bias.
    public init?(of node: Node, in network: Network) {
        guard let axis = LayerParameters.outputAxis(of: node.operation), let id = node.weights,
            let input = network[node.inputs[0]].quantization, let grid = network[id].quantization,
            let weights = network[id].constant, let integers = weights.integers, axis < weights.shape.rank,
            grid.fault(for: weights.shape) == nil,
            integers.allSatisfy({ $0 >= grid.format.minimum && $0 <= grid.format.maximum })
        else { return nil }
        var bias = [Int](repeating: 0, count: weights.shape[axis])
        if let id = node.bias {
            guard let constant = network[id].constant?.integers, constant.count == bias.count else { return nil }
            bias = constant
        }
        self.init(
            weights: IntegerLayer.centered(integers, grid, shape: weights.shape), bias: bias,
            elementsPerChannel: weights.shape.strides[axis],
            input: input.format.minimum - input.zeroPoint...input.format.maximum - input.zeroPoint)
    }

    /// The magnitude of the end that is farther from zero, saturated to 64 bits.
    public var largestMagnitude: Int {
        SumRange.saturated(max(-lower, upper))
    }

    private static func saturated(_ magnitude: BigInteger) -> Int {
        magnitude.int64().map(Int.init) ?? .max
    }

    /// Whether no partial sum leaves the register.
    public func fits(_ accumulator: Accumulator) -> Bool {
        requiredBits <= accumulator.bits
    }

    /// The narrowest register that is proved not to overflow, or nil when 64 bits are too few.
    public var provedAccumulator: Accumulator? {
        requiredBits > 64 ? nil : Accumulator(bits: max(8, requiredBits), overflow: .proved)
    }
}
