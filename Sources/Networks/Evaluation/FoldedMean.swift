import FixedPoint
import Tensors

/// The mean of 8-bit integers with both zero points in one float32 term (XNNPACK).
struct FoldedMean {
    private let scale: Float
    private let bias: Float
    private let zeroPoint: Int
    private let grid: OutputGrid

    /// - Parameter count: how many integers are summed, at least 1.
    init(from input: Quantization, to output: Quantization, count: Int) {
        scale = input.scale / output.scale * (1 / Float(count))
        bias = Float(output.zeroPoint) - Float(count * input.zeroPoint) * scale
        zeroPoint = output.zeroPoint
        grid = OutputGrid(output)
    }

    func element(sum: Int) -> Int {
        let place = Float(sum) * scale + bias
        return grid.element(Rounding.halfToEven.round(Double(place), into: -(1 << 40)...(1 << 40)) - zeroPoint)
    }
}
