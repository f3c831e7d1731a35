import Networks

/// A map of limited rank whose clamped responses come near to clamped targets.
///
/// The source's relaxation: auxiliary responses `z` minimize `(clamp(y) - clamp(z))^2 + weight * (z - m)^2`, `m` what the map
/// makes of the predictors, in turn with the map fitted to `z`; first with a light weight, then with weight 1. Of all maps on the
/// way that of least clamped error is kept, so that the result is never worse than the linear fit it starts from.
struct ClampedRegression {
    private(set) var fit: LowRankMap
    /// The sum of squares between clamped targets and clamped responses.
    private(set) var squaredError: Double

    /// - Parameters:
    ///   - start: a linear fit of the same predictors to the targets before their clamp.
    ///   - targets: rows by outputs, clamped.
    init(
        start: LowRankMap, predictors: Matrix, targets: Matrix, rank: Int, activation: Activation, rounds: Int
    ) throws {
        fit = start
        let clamp = Clamp(activation)
        var responses = start.responses(to: predictors)
        squaredError = clamp.squaredError(responses, targets)
        for weight in [0.01, 1] {
            for _ in 0..<rounds {
                let auxiliary = Matrix(
                    rows: targets.rows, columns: targets.columns,
                    elements: zip(targets.elements, responses.elements).map { clamp.nearest($0, $1, weight: weight) })
                let next = try ReducedRankRegression(predictors: predictors, targets: auxiliary).fit(rank: rank)
                responses = next.responses(to: predictors)
                let error = clamp.squaredError(responses, targets)
                if error < squaredError { (fit, squaredError) = (next, error) }
            }
        }
    }
}

/// The clamp of an activation on reals.
struct Clamp {
    private let low: Double
    private let high: Double

    init(_ activation: Activation) {
        low = activation.range.lower.map(Double.init) ?? -.infinity
        high = activation.range.upper.map(Double.init) ?? .infinity
    }

    func callAsFunction(_ real: Double) -> Double { min(max(real, low), high) }

    func squaredError(_ responses: Matrix, _ targets: Matrix) -> Double {
        zip(responses.elements, targets.elements).reduce(0) { $0 + (self($1.0) - $1.1) * (self($1.0) - $1.1) }
    }

    /// The `z` of least `(target - clamp(z))^2 + weight * (z - response)^2`; one candidate where the clamp is flat on either
    /// side, one in between.
    func nearest(_ target: Double, _ response: Double, weight: Double) -> Double {
        let inside = self((weight * response + target) / (weight + 1))
        var (best, least) = (inside, cost(inside, target, response, weight))
        for candidate in [min(response, low), max(response, high)] where candidate.isFinite {
            let cost = cost(candidate, target, response, weight)
            if cost < least { (best, least) = (candidate, cost) }
        }
        return best
    }

    private func cost(_ z: Double, _ target: Double, _ response: Double, _ weight: Double) -> Double {
        let (miss, shift) = (target - self(z), z - response)
        return miss * miss + weight * shift * shift
    }
}
