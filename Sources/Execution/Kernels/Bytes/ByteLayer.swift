import FixedPoint
import Networks
import Tensors

/// A layer with weights whose inputs, weights and outputs are bytes and whose sums fit into 32 bits.
///
/// Inputs are made unsigned by flipping their sign bit; what that and the zero points add to the sums is folded into the
/// biases, so that padding with the zero point adds nothing.
struct ByteLayer: Sendable {
    let weighted: WeightedLayer
    /// Weights without their zero points; none once kernels have packed theirs.
    private(set) var weights: [Int]
    let narrowing: ByteNarrowing
    /// Exclusive-or of an input byte that makes it unsigned.
    let flip: UInt8
    /// The unsigned byte that stands for zero.
    let zero: UInt8
    /// Whether the kernels' sums are those of the definition in every channel.
    let keepsSums: Bool

    /// - Returns: nil where the definition could differ from 32-bit sums of bytes.
    init?(_ layer: Layer) {
        guard let weighted = WeightedLayer(layer), let input = layer.inputs[0].quantization,
            layer.inputs[0].elementType.byteCount == 1, layer.results[0].elementType.byteCount == 1,
            let grid = layer.inputs[1].quantization, let constant = layer.inputs[1].constant,
            let integers = constant.integers, let output = layer.results[0].quantization,
            grid.scales.count == 1 || grid.scales.count == weighted.channels
        else { return nil }
        let weights = IntegerLayer.centered(integers, grid, shape: constant.shape)
        guard weights.allSatisfy({ (-128...127).contains($0) }), let bias = ByteLayer.bias(layer, weighted) else {
            return nil
        }
        let span = (input.format.minimum - input.zeroPoint)...(input.format.maximum - input.zeroPoint)
        let bound = SumBound(weights: weights, bias: bias, channelIsLast: weighted.isDepthwise, input: span)
        let accumulator = layer.arithmetic.accumulator
        // Signs are those of twice the sum and one more.
        let limit = output.format.encoding == .bipolar ? 1 << 29 : 1 << 31
        guard bound.largest < min(limit, accumulator.range.upperBound) else { return nil }
        let offset = layer.inputs[0].elementType == .int8 ? 128 : 0
        let requantization = ChannelRequantization(
            input: input, weights: grid, output: output, activation: weighted.activation,
            rule: weighted.rule, accumulator: accumulator, channels: weighted.channels
        ).clamped
        let live = ByteLayer.live(weights, bias, requantization, of: weighted)
        let narrowing = ByteNarrowing(
            requantization, bounds: bound.channels, weighted: weighted,
            isUnsigned: layer.results[0].elementType == .uint8,
            bias: ByteLayer.folded(live.bias, weights: live.weights, zero: input.zeroPoint + offset, of: weighted))
        guard let narrowing else { return nil }
        self.weighted = weighted
        self.weights = live.weights
        self.narrowing = narrowing
        flip = offset == 0 ? 0 : 0x80
        zero = UInt8(truncatingIfNeeded: input.zeroPoint + offset)
        keepsSums = live.weights == weights && live.bias == bias
    }

    /// The layer for a kernel that keeps the weights in its own order.
    var packed: ByteLayer {
        var layer = self
        layer.weights = []
        return layer
    }

    /// Weights and biases, those of channels with a factor of zero replaced by zeros.
    private static func live(
        _ weights: [Int], _ bias: [Int], _ requantization: ChannelRequantization, of weighted: WeightedLayer
    ) -> (weights: [Int], bias: [Int]) {
        let channels = requantization.channels
        let isDead = bias.indices.map { channel in
            let requantization = channels[channels.count == 1 ? 0 : channel]
            return requantization.family != .float && requantization.factor.multiplier == 0
        }
        guard isDead.contains(true) else { return (weights, bias) }
        let each = weights.count / max(weighted.channels, 1)
        let kept = weights.enumerated().map { index, weight in
            isDead[weighted.isDepthwise ? index % weighted.channels : index / max(each, 1)] ? 0 : weight
        }
        return (kept, zip(bias, isDead).map { $1 ? 0 : $0 })
    }

    /// One for each channel; nil when it is not constant.
    private static func bias(_ layer: Layer, _ weighted: WeightedLayer) -> [Int]? {
        guard layer.inputs.count > 2 else { return [Int](repeating: 0, count: weighted.channels) }
        return layer.inputs[2].constant?.integers
    }

    /// Biases less what the zero point of the input adds to the sums, modulo 2^32.
    private static func folded(_ bias: [Int], weights: [Int], zero: Int, of weighted: WeightedLayer) -> [Int32] {
        var sums = [Int](repeating: 0, count: weighted.channels)
        let each = weights.count / max(weighted.channels, 1)
        for (index, weight) in weights.enumerated() {
            sums[weighted.isDepthwise ? index % weighted.channels : index / max(each, 1)] += weight
        }
        return zip(bias, sums).map { Int32(truncatingIfNeeded: $0 &- $1 &* zero) }
    }
}
