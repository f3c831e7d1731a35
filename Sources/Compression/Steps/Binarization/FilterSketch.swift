/// Weights of a filter as a sum of sign vectors with factors: `w ≈ a_1 b_1 + … + a_m b_m`, `b_j` in ±1.
///
/// Each `b_j` is the sign of what is left by the terms before it, `sign(0) = +1`. The direct factor is `a_j = ⟨b_j, rest⟩ / t`,
/// so each term leaves at most `1 - 1/t` of the squared rest of `t` weights; refined factors are fitted together after each
/// term, `a = inverse(B'B) B'w`.
package struct FilterSketch: Sendable {
    package private(set) var factors: [Double] = []
    /// For each weight, bit `j` set where `b_j` is positive.
    package private(set) var patterns: [UInt32]
    /// Squared length of what no term covers, before the first term and after each.
    package private(set) var squaredErrors: [Double]

    /// - Parameters:
    ///   - terms: 1...32.
    ///   - refines: fit all factors after each term; the direct sketch is kept where it comes closer, which greedy signs allow.
    package init(_ weights: [Double], terms: Int, refines: Bool) {
        self.init(weights, terms: terms, fitsTogether: refines)
        guard refines else { return }
        let direct = FilterSketch(weights, terms: terms, fitsTogether: false)
        if let mine = squaredErrors.last, let other = direct.squaredErrors.last, other < mine { self = direct }
    }

    private init(_ weights: [Double], terms: Int, fitsTogether: Bool) {
        patterns = [UInt32](repeating: 0, count: weights.count)
        let length = weights.reduce(0) { $0 + $1 * $1 }
        squaredErrors = [length]
        var rest = weights
        for term in 0..<terms {
            let isOver = (squaredErrors.last ?? 0) <= length * 0x1p-90
            for place in rest.indices where rest[place] >= 0 || isOver { patterns[place] |= 1 << UInt32(term) }
            let factor = isOver ? 0 : rest.reduce(0) { $0 + abs($1) } / Double(max(weights.count, 1))
            factors.append(factor)
            if fitsTogether, !isOver, let fitted = leastSquares(weights) { factors = fitted }
            rest = weights.indices.map { weights[$0] - sum(at: $0) }
            squaredErrors.append(rest.reduce(0) { $0 + $1 * $1 })
        }
    }

    /// Factors and signs fitted to responses, from these.
    func fitted(to weights: [Double], by fit: ResponseFit) -> FilterSketch {
        let table = (0..<1 << factors.count).map { code in factors.indices.map { code >> $0 & 1 == 1 ? 1.0 : -1 } }
        let fitted = fit.fitted(weights, table: table, start: (patterns.map { Int($0) }, factors))
        var sketch = self
        sketch.factors = fitted.coefficients
        sketch.patterns = fitted.codes.map { UInt32($0) }
        sketch.squaredErrors = [
            squaredErrors[0], zip(weights, sketch.values).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) },
        ]
        return sketch
    }

    /// What each weight becomes.
    var values: [Double] { patterns.indices.map(sum) }

    private func sum(at place: Int) -> Double {
        factors.indices.reduce(0) { $0 + (patterns[place] >> UInt32($1) & 1 == 1 ? factors[$1] : -factors[$1]) }
    }

    /// The factors of the signs so far that come nearest to the weights, or nil when the signs depend on each other.
    private func leastSquares(_ weights: [Double]) -> [Double]? {
        let terms = factors.count
        func sign(_ place: Int, _ term: Int) -> Double { patterns[place] >> UInt32(term) & 1 == 1 ? 1 : -1 }
        let gram = Matrix(rows: terms, columns: terms) { row, column in
            weights.indices.reduce(0) { $0 + sign($1, row) * sign($1, column) }
        }
        let right = Matrix(rows: terms, columns: 1) { row, _ in
            weights.indices.reduce(0) { $0 + sign($1, row) * weights[$1] }
        }
        return try? CholeskyFactor(gram).solve(right).elements
    }
}
