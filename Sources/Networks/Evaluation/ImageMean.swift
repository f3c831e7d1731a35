import FixedPoint
import Tensors

/// The mean of image planes with the zero point rounded by itself (optimized kernels of LiteRT).
struct ImageMean {
    private let factor: QuantizedMultiplier
    private let bias: Int
    private let channels: Int
    private let grid: OutputGrid

    /// - Parameters:
    ///   - count: how many integers are summed, at least 1.
    ///   - channels: neighbouring sums; 16 at a time follow family D', those left over family D.
    init(from input: Quantization, to output: Quantization, count: Int, channels: Int) {
        let zero = Float(input.zeroPoint) * input.scale / output.scale
        bias = -Rounding.halfAwayFromZero.round(Double(zero), into: -(1 << 31)...(1 << 31))
        factor = QuantizedMultiplier(Double(input.scale / (Float(count) * output.scale)))
        self.channels = channels
        grid = OutputGrid(output)
    }

    func element(sum: Int, place: Int) -> Int {
        let isInLanes = place % channels < channels / 16 * 16
        let family: RequantizationFamily = isInLanes ? .halfUpShift : .doubleRounding
        return grid.element(Requantization(factor: factor, family: family, sumBits: 32)(sum) + bias)
    }
}
