import FixedPoint
import Tensors

/// The sum of two 8-bit integers on grids of their own by multipliers of 21 bits and one shift (XNNPACK).
struct DirectSum {
    private let factors: (left: Int, right: Int)
    private let bias: Int
    private let shift: Int
    private let grid: OutputGrid

    /// - Returns: nil for elements of other widths and for ratios of scales that the multipliers cannot hold.
    init?(
        _ left: Quantization, _ right: Quantization, output: Quantization, signs: (Int, Int), activation: Activation
    ) {
        guard [left, right, output].allSatisfy({ $0.format.bits == 8 }) else { return nil }
        let ratios = (left.scale / output.scale, right.scale / output.scale)
        let larger = max(ratios.0, ratios.1)
        guard larger >= 0x1p-10, larger < 0x1p8, min(ratios.0, ratios.1) >= 0x1p-10 else { return nil }
        let shift = 20 - Int(larger.exponent)
        func factor(_ ratio: Float) -> Int {
            Rounding.halfToEven.round(Double(ratio) * Double(1 << shift), into: 0...1 << 21)
        }
        factors = (signs.0 * factor(ratios.0), signs.1 * factor(ratios.1))
        bias = 1 << (shift - 1) - factors.left * left.zeroPoint - factors.right * right.zeroPoint
        self.shift = shift
        grid = OutputGrid(output, activation: activation)
    }

    func element(_ left: Int, _ right: Int) -> Int {
        grid.element((bias + left * factors.left + right * factors.right) >> shift)
    }
}
