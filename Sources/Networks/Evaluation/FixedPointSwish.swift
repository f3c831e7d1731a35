import FixedPoint
import Tensors

/// `x * min(max(x + 3, 0), 6) / 6` on 8-bit integers in 16-bit fixed point (TFLite).
struct FixedPointSwish {
    private let zeroPoint: Int
    private let grid: OutputGrid
    /// Multiplier of 15 fraction bits and shift to the right, from elements with 7 more bits to the output's steps.
    private let output: (multiplier: Int, shift: Int)
    /// The same to steps of 3 / 2^15, for the slope.
    private let slope: (multiplier: Int, shift: Int)

    init(from input: Quantization, to output: Quantization) {
        zeroPoint = input.zeroPoint
        grid = OutputGrid(output)
        let fine = Float(1) / 128 * input.scale
        self.output = FixedPointSwish.factor(fine / output.scale)
        slope = FixedPointSwish.factor(fine / (Float(3) / 32768))
    }

    private static func factor(_ real: Float) -> (multiplier: Int, shift: Int) {
        let factor = QuantizedMultiplier(Double(real))
        return (min((Int(factor.multiplier) + 1 << 15) >> 16, 32767), -factor.shift)
    }

    func element(_ element: Int) -> Int {
        let fine = (element - zeroPoint) << 7
        let scaled = FixedPointSwish.product(fine, output.multiplier)
        var weight = fine
        if slope.shift < 0 { weight = FixedPointSwish.saturated(weight << min(-slope.shift - 1, 32)) }
        weight = FixedPointSwish.product(weight, slope.multiplier)
        if slope.shift < 0 { weight = FixedPointSwish.saturated(weight << 1) }
        weight = Rounding.halfAwayFromZero.shift(weight, by: max(slope.shift, 0))
        // From -1 ... 1 to 0 ... 1; the last product is cut off to balance the rounding of the first.
        weight = (weight + 1 << 15) >> 1
        return grid.element(Rounding.halfAwayFromZero.shift(weight * scaled / (1 << 15), by: max(output.shift, 0)))
    }

    private static func saturated(_ value: Int) -> Int { min(max(value, -32768), 32767) }

    private static func product(_ left: Int, _ right: Int) -> Int { saturated((left * right + 1 << 14) >> 15) }
}
