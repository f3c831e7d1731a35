package import FixedPoint
package import Tensors

/// The requantizations of a layer with weights, one for each output channel or one for all.
package struct ChannelRequantization: Sendable {
    package let channels: [Requantization]
    package let grid: OutputGrid

    /// - Parameter count: of the layer's output channels.
    package init(
        input: Quantization, weights: Quantization, output: Quantization, activation: Activation, rule: LayerRule,
        accumulator: Accumulator, channels count: Int
    ) {
        let isCommon = weights.scales.count == 1
        channels = (0..<(isCommon && rule.lanes == 1 ? 1 : count)).map { channel in
            let scale = weights.scales[isCommon ? 0 : channel]
            let family = rule.family(
                channel: channel, of: count, inputBits: input.format.bits, sumBits: accumulator.bits)
            let product =
                isCommon && rule.multipliesInSingle
                ? Double(input.scale * scale) : Double(input.scale) * Double(scale)
            return Requantization(
                real: product / Double(output.scale), scale: input.scale * scale / output.scale,
                family: family, sumBits: accumulator.bits)
        }
        grid = OutputGrid(output, activation: activation)
    }

    private init(channels: [Requantization], grid: OutputGrid) {
        self.channels = channels
        self.grid = grid
    }

    /// The same on sums of a magnitude below 2^29 with signs as clamped integers: twice the sum and one more.
    package var clamped: ChannelRequantization {
        guard grid.isBipolar else { return self }
        let twice = Requantization(factor: QuantizedMultiplier(2), family: .doubleRounding, sumBits: 32)
        return ChannelRequantization(channels: [twice], grid: .clampedSigns)
    }

    /// - Parameter place: of the element in the result, row-major.
    package func element(_ sum: Int, channel: Int, place: Int) -> Int {
        if grid.isBipolar { return grid.sign(of: sum) }
        return grid.element(channels[channels.count == 1 ? 0 : channel](sum, place: place))
    }
}
