import Diagnostics

/// How maps are rebuilt from the few of them that vary most.
package struct MapRebuild: Sendable {
    /// The maps that stay, ascending.
    package let kept: [Int]
    /// `maps x kept`; rows of kept maps copy.
    package let weights: Matrix
    package let offsets: [Double]
    /// The variance that all maps lose together: the least-squares residual.
    package let error: Double
    /// The variance of all maps together.
    package let variance: Double

    /// - Throws: `Diagnostic` when the covariance holds a number that is not finite.
    package init(covariance: Matrix, means: [Double], count: Int) throws {
        let variances = (0..<covariance.rows).map { covariance[$0, $0] }
        let kept = variances.fallingOrder.prefix(count).sorted()
        let system = Matrix(rows: count, columns: count) { covariance[kept[$0], kept[$1]] }
        let right = Matrix(rows: count, columns: variances.count) { covariance[kept[$0], $1] }
        let solution = try CholeskyFactor(system, damping: 1e-12).solve(right)
        var elements = solution.transposed.elements
        for (column, map) in kept.enumerated() {
            for other in 0..<count { elements[map * count + other] = other == column ? 1 : 0 }
        }
        let weights = Matrix(rows: variances.count, columns: count, elements: elements)
        offsets = means.indices.map { map in
            kept.indices.reduce(kept.contains(map) ? 0 : means[map]) {
                kept.contains(map) ? $0 : $0 - weights[map, $1] * means[kept[$1]]
            }
        }
        let explained = variances.indices.map { map in
            kept.contains(map) ? variances[map] : (0..<count).reduce(0) { $0 + weights[map, $1] * right[$1, map] }
        }
        (self.kept, self.weights) = (kept, weights)
        variance = variances.reduce(0, +)
        error = zip(variances, explained).reduce(0) { $0 + max($1.0 - $1.1, 0) }
    }
}
