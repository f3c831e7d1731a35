import FixedPoint
import Tensors

/// The map from 8-bit integers of one grid to those of another, by the rule of a runtime.
struct ByteRegridding {
    private let zeroPoint: Int
    private let grid: OutputGrid
    private let lanes: Requantization
    private let rest: Requantization
    /// Places from here on follow `rest`.
    private let inLanes: Int

    /// - Returns: nil for elements of other widths, and where `rule` is that of every other operator.
    init?(from input: Quantization, to output: Quantization, rule: RegriddingRule, count: Int) {
        guard rule != .elementwise, input.format.bits == 8, output.format.bits == 8,
            input.scale != output.scale || input.zeroPoint != output.zeroPoint
        else { return nil }
        zeroPoint = input.zeroPoint
        grid = OutputGrid(output)
        if rule == .eightFractionBits, input.format == output.format,
            let factor = ByteRegridding.factor(input.scale / output.scale)
        {
            lanes = factor
            (rest, inLanes) = (factor, count)
        } else {
            let factor = QuantizedMultiplier(Double(input.scale) / Double(output.scale))
            lanes = Requantization(factor: factor, family: .halfUpShift, sumBits: 32)
            rest = Requantization(factor: factor, family: .doubleRounding, sumBits: 32)
            inLanes = count / 16 * 16
        }
    }

    /// The factor nearest to `ratio` with 8 fraction bits, products rounded half up; nil outside 2^-8 ... 2^7.
    static func factor(_ ratio: Float) -> Requantization? {
        guard abs(ratio) >= 0x1p-8, abs(ratio) <= 0x1p7 else { return nil }
        let rounded = Rounding.halfToEven.round(Double(ratio) * 256, into: -(1 << 15)...1 << 15)
        let factor = QuantizedMultiplier(Double(rounded) / 256)
        return Requantization(factor: factor, family: .singleRounding, sumBits: 32)
    }

    func element(_ element: Int, place: Int) -> Int {
        let offset = element - zeroPoint
        return grid.element(place < inLanes ? lanes(offset) : rest(offset))
    }
}
