import Diagnostics

/// Rounds filters so that their responses, not their weights, change least: integers `q` with a small `d' C d`,
/// `d = step q - w`, where `C` is half the Hessian of the squared response error.
///
/// First one weight after the other, each error carried to the weights still free through the Cholesky factor of the inverse
/// of `C` (Frantar, Ashkboos, Hoefler, Alistarh: GPTQ, 2023, which is the order of Hassibi's Optimal Brain Surgeon fixed in
/// advance), in the order of falling curvature; then one weight at a time moves to its best integer while the others stay,
/// until none gains. Neither looks at more than one layer, and neither is the exact optimum, which is a closest-vector problem.
package struct ResponseRounding: Sendable {
    /// `C`, the ridge on its diagonal included.
    package let curvature: Matrix
    /// What of the diagonal is no response, but holds weights near those that the layer had.
    package let ridge: Double
    /// Columns by falling curvature.
    private let order: [Int]
    /// Upper triangle whose transpose times itself is the inverse of `C`, rows and columns in that order.
    private let upper: Matrix

    /// What is rounded: one filter on one grid.
    package struct Filter: Sendable {
        /// The weights whose responses are wanted.
        package var weights: [Double]
        /// The grid's step at each weight.
        package var steps: [Double]
        /// The largest integer at each weight; 0 keeps a weight at 0.
        package var limits: [Double]

        package init(weights: [Double], steps: [Double], limits: [Double]) {
            (self.weights, self.steps, self.limits) = (weights, steps, limits)
        }

        /// The nearest integers, halves away from zero.
        package var nearest: [Double] {
            weights.indices.map { rounded(weights[$0] / steps[$0], at: $0) }
        }

        fileprivate func rounded(_ real: Double, at column: Int) -> Double {
            min(max(real.rounded(), -limits[column]), limits[column])
        }

        fileprivate func errors(of integers: [Double]) -> [Double] {
            integers.indices.map { integers[$0] * steps[$0] - weights[$0] }
        }
    }

    /// - Throws: `Diagnostic` when the curvature holds a number that is not finite.
    package init(_ curvature: Matrix, ridge: Double = 0) throws {
        (self.curvature, self.ridge) = (curvature, ridge)
        let diagonal = (0..<curvature.rows).map { curvature[$0, $0] }
        let order = diagonal.fallingOrder
        self.order = order
        let sorted = Matrix(rows: order.count, columns: order.count) { curvature[order[$0], order[$1]] }
        let inverse = try CholeskyFactor(sorted, damping: 1e-10).inverse()
        upper = try CholeskyFactor(inverse, damping: 1e-12).lower.transposed
    }

    /// `d' C d` of integers.
    package func error(of integers: [Double], for filter: Filter) -> Double {
        let errors = filter.errors(of: integers)
        return errors.dot(times(errors))
    }

    /// The integers of rounding in order with the error fed on.
    package func sequential(_ filter: Filter) -> [Double] {
        let values = sequential(filter.weights) { rest, column in
            filter.rounded(rest / filter.steps[column], at: column) * filter.steps[column]
        }
        return values.indices.map { (values[$0] / filter.steps[$0]).rounded() }
    }

    /// The values of rounding in order with the error fed on.
    ///
    /// - Parameter rounded: the value that takes the place of a real at a column.
    package func sequential(_ weights: [Double], rounded: (_ rest: Double, _ column: Int) -> Double) -> [Double] {
        var rest = order.map { weights[$0] }
        var values = [Double](repeating: 0, count: order.count)
        let count = order.count
        upper.elements.withUnsafeBufferPointer { upper in
            for (place, column) in order.enumerated() {
                values[column] = rounded(rest[place], column)
                let error = (rest[place] - values[column]) / upper[place * count + place]
                guard error != 0 else { continue }
                for later in place + 1..<max(count, place + 1) { rest[later] -= error * upper[place * count + later] }
            }
        }
        return values
    }

    /// Integers of which none can change alone without raising the error, reached from others by steps that lower it.
    package func descended(from integers: [Double], for filter: Filter, sweeps: Int = 16) -> [Double] {
        var integers = integers
        var gradient = times(filter.errors(of: integers))
        let count = integers.count
        curvature.elements.withUnsafeBufferPointer { curvature in
            for _ in 0..<sweeps {
                var moved = false
                for column in 0..<count {
                    let bend = curvature[column * count + column] * filter.steps[column]
                    guard bend > 0 else { continue }
                    let wanted = filter.rounded(integers[column] - gradient[column] / bend, at: column)
                    let move = (wanted - integers[column]) * filter.steps[column]
                    let gain = -move * (2 * gradient[column] + move * curvature[column * count + column])
                    guard gain > 1e-12 * abs(move * gradient[column]) else { continue }
                    integers[column] = wanted
                    for other in 0..<count { gradient[other] += move * curvature[column * count + other] }
                    moved = true
                }
                if !moved { break }
            }
        }
        return integers
    }

    /// The factor by which steps grow so that these integers come nearest to the filter, or nil when they respond nothing.
    package func bestFactor(of integers: [Double], for filter: Filter) -> Double? {
        let reals = integers.indices.map { integers[$0] * filter.steps[$0] }
        let product = times(reals)
        let length = reals.dot(product)
        guard length > 0 else { return nil }
        let factor = filter.weights.dot(product) / length
        return factor > 0 && factor.isFinite ? factor : nil
    }

    private func times(_ vector: [Double]) -> [Double] {
        curvature.times(Matrix(rows: vector.count, columns: 1, elements: vector)).elements
    }
}
