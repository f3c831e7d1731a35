package import FixedPoint
package import Tensors

/// The requantizations of a layer with weights, one for each output channel or one for all.
package struct ChannelRequantization: Sendable {
    package let channels: [Requantization]
    package let grid: OutputGrid

    /// - Parameters:
    ///   - multipliesInSingle: whether a common factor is formed from the float32 product of both scales, as the fully
    ///     connected layer of TFLM does.
    package init(
        input: Quantization, weights: Quantization, output: Quantization, activation: Activation,
        family: RequantizationFamily, accumulator: Accumulator, multipliesInSingle: Bool = false
    ) {
        let isCommon = multipliesInSingle && weights.scales.count == 1
        channels = weights.scales.map { scale in
            let product = isCommon ? Double(input.scale * scale) : Double(input.scale) * Double(scale)
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

    package func element(_ sum: Int, channel: Int) -> Int {
        grid.isBipolar ? grid.sign(of: sum) : grid.element(channels[channels.count == 1 ? 0 : channel](sum))
    }
}
