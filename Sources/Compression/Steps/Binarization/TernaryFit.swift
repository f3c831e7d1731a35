/// The two levels and the signs of some weights, by one of three thresholds.
///
/// Weights above `delta` become the positive level, those below `-delta` minus the negative one, the rest 0. For given signs
/// each level is the mean of its side, which is the least-squares one.
package struct TernaryFit: Sendable {
    /// How weights that become 0 are told from others.
    public enum Threshold: String, Sendable, Hashable, Codable, CaseIterable {
        /// On each side that which leaves the least squared error.
        case optimal
        /// `delta` is 0.05 times the largest magnitude (Zhu et al.).
        case maximum
        /// `delta` is 0.7 times the mean magnitude (Li et al.).
        case mean
    }

    package let positive: Double
    package let negative: Double
    /// 1, 0 or -1 for each weight.
    package let signs: [Int]

    init(positive: Double, negative: Double, signs: [Int]) {
        (self.positive, self.negative, self.signs) = (positive, negative, signs)
    }

    package init(_ weights: [Double], threshold: Threshold) {
        let bounds: (above: Double, below: Double)
        switch threshold {
        case .optimal:
            bounds = (
                TernaryFit.least(weights.filter { $0 > 0 }), TernaryFit.least(weights.filter { $0 < 0 }.map { -$0 })
            )
        case .maximum:
            let delta = 0.05 * weights.reduce(0) { max($0, abs($1)) }
            bounds = (delta.nextUp, delta.nextUp)
        case .mean:
            let delta = 0.7 * weights.reduce(0) { $0 + abs($1) } / Double(max(weights.count, 1))
            bounds = (delta.nextUp, delta.nextUp)
        }
        signs = weights.map { $0 >= bounds.above ? 1 : -$0 >= bounds.below ? -1 : 0 }
        positive = TernaryFit.mean(of: zip(weights, signs).filter { $1 > 0 }.map(\.0))
        negative = -TernaryFit.mean(of: zip(weights, signs).filter { $1 < 0 }.map(\.0))
    }

    /// The least magnitude that takes the level, of those of one side: the `k` largest of sum `s` save `s^2 / k`.
    private static func least(_ magnitudes: [Double]) -> Double {
        var (sum, best, bound) = (0.0, 0.0, Double.infinity)
        for (index, magnitude) in magnitudes.sorted(by: >).enumerated() {
            sum += magnitude
            let saved = sum * sum / Double(index + 1)
            if saved > best { (best, bound) = (saved, magnitude) }
        }
        return bound
    }

    private static func mean(of weights: [Double]) -> Double {
        weights.isEmpty ? 0 : weights.reduce(0, +) / Double(weights.count)
    }
}
