import Foundation

/// The uniform quantizer of `2^bits` levels, halves of a step off zero, with the least squared error on numbers that are
/// distributed normally.
///
/// The error is integrated in closed form, the step found by golden section (Max: Quantizing for Minimum Distortion, 1960).
package struct GaussianQuantizer: Sendable, Hashable {
    package let bits: Int
    /// In standard deviations.
    package let step: Double
    /// Mean squared error over the variance.
    package let distortion: Double

    /// - Precondition: `bits` is in 1...12.
    package init(bits: Int) {
        precondition((1...12).contains(bits), "a quantizer of \(bits) bits")
        let half = 1 << (bits - 1)
        let ratio = (5.0.squareRoot() - 1) / 2
        var (low, high) = (0.0, 8 / Double(1 << bits))
        var (left, right) = (high - ratio * (high - low), low + ratio * (high - low))
        var errors = (
            GaussianQuantizer.distortion(step: left, half: half), GaussianQuantizer.distortion(step: right, half: half)
        )
        for _ in 0..<80 {
            if errors.0 < errors.1 {
                (high, right, errors.1) = (right, left, errors.0)
                left = high - ratio * (high - low)
                errors.0 = GaussianQuantizer.distortion(step: left, half: half)
            } else {
                (low, left, errors.0) = (left, right, errors.1)
                right = low + ratio * (high - low)
                errors.1 = GaussianQuantizer.distortion(step: right, half: half)
            }
        }
        self.bits = bits
        step = (low + high) / 2
        distortion = GaussianQuantizer.distortion(step: (low + high) / 2, half: half)
    }

    /// Signal over error, in decibels.
    package var decibels: Double { -10 * log10(distortion) }

    /// What one more bit gains, in decibels: the mean slope from 4 to 8 bits.
    package static let decibelsPerBit = (GaussianQuantizer(bits: 8).decibels - GaussianQuantizer(bits: 4).decibels) / 4

    /// The mean squared error of `2 * half` levels.
    package static func distortion(step: Double, half: Int) -> Double {
        var sum = 0.0
        for level in 0..<half {
            let start = Double(level) * step
            sum += error(from: start, to: level == half - 1 ? .infinity : start + step, level: start + step / 2)
        }
        return 2 * sum
    }

    /// The integral of `(x - level)^2` times the density.
    private static func error(from start: Double, to end: Double, level: Double) -> Double {
        func density(_ x: Double) -> Double { x.isFinite ? exp(-x * x / 2) / (2 * Double.pi).squareRoot() : 0 }
        func above(_ x: Double) -> Double { x.isFinite ? erfc(x / 2.0.squareRoot()) / 2 : 0 }
        let mass = above(start) - above(end)
        let edges = (end.isFinite ? end * density(end) : 0) - start * density(start)
        return (1 + level * level) * mass - edges + 2 * level * (density(end) - density(start))
    }
}
