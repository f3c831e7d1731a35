import FixedPoint
import Tensors

/// Softmax of a row of integers with 26 fraction bits in the exponent (TFLM).
struct FixedPointSoftmax {
    private let factor: QuantizedMultiplier
    private let smallestDifference: Int
    private let output: Quantization
    private let grid: OutputGrid
    /// Fraction bits of the result before it is carried to the output's scale.
    private let fractionBits: Int
    private let regridding: Requantization?

    /// - Parameter scale: of the input, times beta.
    init(scale: Double, output: Quantization) {
        factor = QuantizedMultiplier(min(scale * 0x1p26, 0x1p31 - 1))
        smallestDifference = factor.shift >= 0 ? -((31 << 26) >> factor.shift) : -((31 << 26) << -factor.shift)
        self.output = output
        grid = OutputGrid(output)
        let exponent = -Int(output.scale.exponent)
        if output.scale.significand == 1, (1...16).contains(exponent) {
            fractionBits = exponent
            regridding = nil
        } else {
            fractionBits = 16
            let real = 0x1p-16 / Double(output.scale)
            regridding = Requantization(real: real, scale: Float(real), family: .doubleRounding, sumBits: 64)
        }
    }

    func row(_ elements: ArraySlice<Int>) -> [Int] {
        guard let largest = elements.max() else { return [] }
        let powers = elements.map { power($0 - largest) }
        var sum: Int32 = 0
        for power in powers { sum = sum &+ roundingDivide(power ?? 0, byPowerOfTwo: 12) }
        let zeros = UInt32(bitPattern: sum).leadingZeroBitCount
        let fraction = Int32(bitPattern: UInt32(bitPattern: sum) << UInt32(zeros) &- 1 << 31)
        let inverse = reciprocal(ofOnePlus: fraction)
        return powers.map { power in
            guard let power else { return grid.element(0) }
            let product = roundingDoublingHighProduct(inverse, power)
            let probability = Int(roundingDivide(product, byPowerOfTwo: min(31 + 12 - zeros - fractionBits, 31)))
            return grid.element(regridding.map { $0(probability) } ?? probability)
        }
    }

    /// `exp` of a difference to the row's largest element, 31 fraction bits; nil for a difference too far below.
    private func power(_ difference: Int) -> Int32? {
        guard difference >= smallestDifference else { return nil }
        let scaled = Int32(truncatingIfNeeded: difference << max(factor.shift, 0))
        let exponent = roundingDoublingHighProduct(scaled, factor.multiplier)
        return exponential(ofNonPositive: roundingDivide(exponent, byPowerOfTwo: max(-factor.shift, 0)), integerBits: 5)
    }
}
