package import FixedPoint
package import Tensors

/// What turns the sum of some integers on one grid into their mean on another (MEAN of TFLM).
package struct MeanRequantization: Sendable {
    private let grid: OutputGrid
    private let zeroPoints: Int
    private let requantization: Requantization

    /// - Parameters:
    ///   - scale: of the output.
    ///   - count: how many integers are summed, at least 1.
    package init(from input: Quantization, grid: OutputGrid, scale: Float, count: Int, family: RequantizationFamily) {
        self.grid = grid
        zeroPoints = count * input.zeroPoint
        guard family != .float else {
            let factor = input.scale / (scale * Float(count))
            requantization = Requantization(real: Double(factor), scale: factor, family: .float, sumBits: 64)
            return
        }
        let ratio = Double(input.scale) / Double(scale)
        guard family.exactRounding == nil else {
            requantization = Requantization(
                real: ratio, scale: Float(ratio), family: family, sumBits: 64, divisor: count)
            return
        }
        let factor = QuantizedMultiplier(ratio)
        var bits = 0
        while count >> (bits + 1) != 0 { bits += 1 }
        let shift = min(bits, 32, 31 + factor.shift)
        let multiplier = Int32(truncatingIfNeeded: Int64(factor.multiplier) << Int64(shift) / Int64(count))
        let divided = QuantizedMultiplier(multiplier: multiplier, shift: factor.shift - shift)
        requantization = Requantization(factor: divided, family: family, sumBits: 64)
    }

    package func element(sum: Int) -> Int {
        grid.element(requantization(sum - zeroPoints))
    }
}
