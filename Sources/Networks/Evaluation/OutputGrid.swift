import FixedPoint
package import Tensors

/// The integers that a result may take: format and fused clamp together.
package struct OutputGrid: Sendable {
    package let lower: Int
    package let upper: Int
    package let zeroPoint: Int
    /// Whether the result is the sign, +1 for zero and above.
    package let isBipolar: Bool

    package init(_ quantization: Quantization, activation: Activation = .none) {
        zeroPoint = quantization.zeroPoint
        isBipolar = quantization.format.encoding == .bipolar
        var (lower, upper) = (quantization.format.minimum, quantization.format.maximum)
        if let bound = activation.range.lower { lower = max(lower, OutputGrid.integer(bound, quantization)) }
        if let bound = activation.range.upper { upper = min(upper, OutputGrid.integer(bound, quantization)) }
        self.upper = max(upper, quantization.format.minimum)
        self.lower = min(lower, self.upper)
    }

    /// Integers around a zero point of 1, clamped to -1...1.
    static let clampedSigns = OutputGrid(lower: -1, upper: 1, zeroPoint: 1)

    private init(lower: Int, upper: Int, zeroPoint: Int) {
        (self.lower, self.upper, self.zeroPoint) = (lower, upper, zeroPoint)
        isBipolar = false
    }

    /// `value` on the grid of `quantization`: a float32 quotient rounded half away from zero.
    static func integer(_ value: Float, _ quantization: Quantization) -> Int {
        let quotient = Double(value / quantization.scale)
        return quantization.zeroPoint + Rounding.halfAwayFromZero.round(quotient, into: -(1 << 40)...(1 << 40))
    }

    /// The bipolar element for a sum, whatever its scale: +1 for zero and above.
    package func sign(of sum: Int) -> Int { sum >= 0 ? 1 : -1 }

    /// The element nearest to a requantized sum, to which the zero point has not been added.
    package func element(_ requantized: Int) -> Int {
        let value = requantized + zeroPoint
        if isBipolar { return value >= 0 ? 1 : -1 }
        return min(max(value, lower), upper)
    }

    /// The element for a real in units of the scale that has the zero point in it, rounded half to even.
    ///
    /// What does not fit into 32 bits becomes the smallest element (conversion instructions of x86).
    package func element(including value: Float) -> Int {
        if isBipolar { return value < 0 ? -1 : 1 }
        guard abs(value) < 0x1p31 else { return lower }
        return min(max(Int(value.rounded(.toNearestOrEven)), lower), upper)
    }
}
