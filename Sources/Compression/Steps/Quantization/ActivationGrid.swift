import FixedPoint
import Tensors

/// Grids for activations: affine by default, 0 always on the grid.
enum ActivationGrid {
    /// The grid of `bits` that covers a range.
    static func covering(_ range: ClippingRange, bits: Int, symmetric: Bool) -> Quantization {
        let format = NumberFormat(bits: bits, encoding: .twosComplement)
        if symmetric {
            let reach = max(range.upper, -range.lower)
            return Quantization(format: format, scale: positive(reach / Double(format.maximum)))
        }
        let levels = format.maximum - format.minimum
        let scale = positive((range.upper - range.lower) / Double(levels))
        let zeroPoint = Int((Double(format.minimum) - range.lower / Double(scale)).rounded())
        return Quantization(
            format: format, scale: scale, zeroPoint: min(max(zeroPoint, format.minimum), format.maximum))
    }

    /// The grid of TFLite's softmax at any width: steps of `2^-bits` from 0.
    static func unitInterval(bits: Int) -> Quantization {
        let format = NumberFormat(bits: bits, encoding: .twosComplement)
        return Quantization(
            format: format, scale: Float(sign: .plus, exponent: -bits, significand: 1), zeroPoint: format.minimum)
    }

    /// The grid of `bits` over the reals that another grid covers.
    static func covering(_ grid: Quantization, bits: Int) -> Quantization {
        let scale = Double(grid.scale)
        let range = ClippingRange(
            lower: scale * Double(grid.format.minimum - grid.zeroPoint),
            upper: scale * Double(grid.format.maximum - grid.zeroPoint))
        return covering(range, bits: bits, symmetric: false)
    }

    /// A scale that float32 holds as a normal number; 1 for a range without extent.
    private static func positive(_ scale: Double) -> Float {
        guard scale > 0 else { return 1 }
        return max(Float(scale), Float.leastNormalMagnitude)
    }
}
