import Foundation
import Hardware
import Quantities
import Workloads

/// Passes of a product whose zero bits are skipped.
///
/// Each digit of a magnitude is set with the operand's fraction of set bits, independently: counted in the real weights
/// and, for activations, while the network ran; else at most the fraction of values that are not zero. Products that are
/// synchronized wait for the one with most set bits, and a product takes at least one pass. It is *not* told how bits of
/// neighbours depend on each other.
struct EssentialBits {
    /// Chance that one product has a number of pairs of set bits, from none on.
    private var chances: [Double]
    private let synchronized: Double

    /// nil for a machine that counts every digit.
    init?(_ operands: LayerOperands, _ digits: DigitPair, on array: BitSerialArray) {
        let (weights, activations): (Bool, Bool)
        switch array.zeroBits {
        case .counted: return nil
        case .skippedInActivations: (weights, activations) = (false, true)
        case .skippedInWeights: (weights, activations) = (true, false)
        case .skippedInBoth: (weights, activations) = (true, true)
        }
        let layer = operands.layer
        let left =
            weights
            ? Self.binomial(digits.weights, Self.weightFraction(layer), array.weightDigit.count) : nil
        let right =
            activations
            ? Self.binomial(digits.activations, Self.activationFraction(layer), array.activationDigit.count) : nil
        chances = [Double](repeating: 0, count: digits.product + 1)
        let one = [1.0]
        for (w, first) in (left ?? one).enumerated() {
            for (a, second) in (right ?? one).enumerated() {
                let pairs = (left == nil ? digits.weights : w) * (right == nil ? digits.activations : a)
                chances[pairs] += first * second
            }
        }
        synchronized = Double(array.synchronizedProducts)
    }

    /// The mean of the largest number of pairs, at least one, in thousandths, rounded up.
    func passThousandths(atMost whole: Int) -> Int {
        var mean = 1.0
        var below = chances[0]
        for pairs in 1..<max(1, chances.count - 1) {
            below += chances[pairs]
            mean += 1 - pow(min(1, below), synchronized)
        }
        return min(whole * 1000, Int((mean * 1000).rounded(.up)))
    }

    private static func weightFraction(_ layer: WorkloadLayer) -> Double {
        guard let weights = layer.weights, weights.elements > 0 else { return 1 }
        guard let set = weights.nonzeros?.setBits else { return weights.density }
        return min(1, Double(set) / Double(weights.elements * max(1, weights.elementBits)))
    }

    private static func activationFraction(_ layer: WorkloadLayer) -> Double {
        let fraction = layer.activationSetBits?.value ?? 1 - (layer.activationZeros?.value ?? 0)
        return min(1, max(0, fraction))
    }

    /// Chances that 0...count digits hold a set bit.
    private static func binomial(_ count: Int, _ bit: Double, _ width: Int) -> [Double] {
        let chance = 1 - pow(1 - bit, Double(width))
        var chances = [1.0] + [Double](repeating: 0, count: count)
        for trial in 0..<count {
            for successes in stride(from: trial + 1, through: 1, by: -1) {
                chances[successes] = chances[successes] * (1 - chance) + chances[successes - 1] * chance
            }
            chances[0] *= 1 - chance
        }
        return chances
    }
}
