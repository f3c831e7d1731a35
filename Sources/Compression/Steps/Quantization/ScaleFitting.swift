/// Puts one filter on a grid whose step is free: integers and step take turns, each the better for the other.
package struct ScaleFitting: Sendable {
    package let rounding: ResponseRounding
    /// The weights whose responses are wanted.
    package let weights: [Double]
    /// The weights that the layer had; zeros stay zeros.
    package let plain: [Double]
    /// The largest integer.
    package let limit: Int
    /// By which the step of each weight is larger than the filter's.
    package let multiples: [Double]
    /// The smallest step allowed.
    package let least: Double

    package init(
        _ rounding: ResponseRounding, weights: [Double], plain: [Double], limit: Int, multiples: [Double],
        least: Double = 0
    ) {
        (self.rounding, self.weights, self.plain) = (rounding, weights, plain)
        (self.limit, self.multiples, self.least) = (limit, multiples, least)
    }

    /// Integers with the step on which they lie; `d' C d` is the error.
    package struct Fit: Sendable {
        package var integers: [Double]
        package var step: Double
        package var error: Double
    }

    /// Nearest rounding of the layer's own weights on the step that reaches the largest.
    package var nearest: Fit { fit(filter(plain, step: whole).nearest, step: whole) }

    /// The best fit found; `nearest` should its response be better.
    package func best() -> Fit {
        let nearest = nearest
        guard plain.contains(where: { $0 != 0 }) else { return nearest }
        var best = nearest
        for step in [startingStep, whole] {
            let candidate = filter(weights, step: step)
            for integers in [candidate.nearest, rounding.sequential(candidate)] {
                let other = fit(integers, step: step)
                if other.error < best.error { best = other }
            }
        }
        best = alternated(from: best)
        return responseError(best) <= responseError(nearest) ? best : nearest
    }

    /// The error of a fit without the ridge, up to a number that is the same for all.
    package func responseError(_ fit: Fit) -> Double {
        let distances = plain.indices.map { fit.integers[$0] * fit.step * multiples[$0] - plain[$0] }
        return fit.error - rounding.ridge * distances.reduce(0) { $0 + $1 * $1 }
    }

    private var whole: Double {
        float(zip(plain, multiples).reduce(0) { max($0, abs($1.0) / $1.1) } / Double(limit))
    }

    /// A step that is stored as float32.
    private func float(_ step: Double) -> Double { Double(max(Float(max(step, least)), Float.leastNormalMagnitude)) }

    private func filter(_ weights: [Double], step: Double) -> ResponseRounding.Filter {
        ResponseRounding.Filter(
            weights: weights, steps: multiples.map { step * $0 }, limits: plain.map { $0 == 0 ? 0 : Double(limit) })
    }

    private func fit(_ integers: [Double], step: Double) -> Fit {
        Fit(integers: integers, step: step, error: rounding.error(of: integers, for: filter(weights, step: step)))
    }

    private func alternated(from start: Fit) -> Fit {
        var best = start
        for _ in 0..<8 {
            let before = best.error
            let integers = rounding.descended(from: best.integers, for: filter(weights, step: best.step))
            let lower = fit(integers, step: best.step)
            if lower.error < best.error { best = lower }
            if let factor = rounding.bestFactor(of: best.integers, for: filter(weights, step: best.step)) {
                let moved = fit(best.integers, step: float(best.step * factor))
                if moved.error < best.error { best = moved }
            }
            if best.error > before * (1 - 1e-4) { break }
        }
        return best
    }

    /// Of steps from a fifth of `whole` up, the one with the least error of nearest rounding, each weight's counted by its own curvature.
    private var startingStep: Double {
        var best = (error: Double.infinity, step: whole)
        let curvature = rounding.curvature
        for position in 12...60 {
            let filter = filter(weights, step: float(whole * Double(position) / 60))
            let integers = filter.nearest
            let error = integers.indices.reduce(0) { sum, column in
                let distance = integers[column] * filter.steps[column] - filter.weights[column]
                return sum + distance * distance * curvature[column, column]
            }
            if error <= best.error { best = (error, float(whole * Double(position) / 60)) }
        }
        return best.step
    }
}
