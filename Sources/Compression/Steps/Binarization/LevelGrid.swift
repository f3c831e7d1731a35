import FixedPoint
import Tensors

/// A symmetric grid whose largest integer stands for what each channel reaches.
struct LevelGrid {
    let quantization: Quantization

    /// - Parameters:
    ///   - reaches: the largest real of each channel.
    ///   - spare: largest integers that are left free, for sums of rounded numbers.
    init(reaches: [Double], bits: Int, axis: Int?, spare: Int = 0) {
        let format = NumberFormat(bits: bits, encoding: .symmetric)
        let largest = reaches.max() ?? 0
        // A channel of zeros takes the coarsest scale, only its bias matters; none is so fine that its bias cannot be stored.
        let scales = reaches.map { reach in
            let held = reach > 0 ? max(reach, largest * 0x1p-10) : largest > 0 ? largest : 1
            return max(Float(held / Double(format.maximum - spare)), Float.leastNormalMagnitude)
        }
        quantization = Quantization(format: format, scales: scales, axis: axis)
    }

    /// The integer for a positive level, at least 1, as a real.
    func level(_ real: Double, _ channel: Int) -> Float {
        let nearest = (real / Double(quantization.scales[channel])).rounded()
        return Float(min(max(nearest, 1), Double(quantization.format.maximum)))
    }
}
