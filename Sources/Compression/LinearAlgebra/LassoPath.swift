/// `min 1/2 transposed b G b - transposed g b + penalty |b|_1` by coordinate descent, for penalties that grow.
///
/// `G` is the Gram matrix of the predictors and `g` their inner products with the target.
package struct LassoPath: Sendable {
    private let gram: Matrix
    private let response: [Double]

    /// - Precondition: `gram` is symmetric with as many rows as `response` has elements.
    package init(gram: Matrix, response: [Double]) {
        precondition(gram.rows == gram.columns && gram.rows == response.count, "a Gram matrix that does not fit")
        self.gram = gram
        self.response = response
    }

    /// The minimum for one penalty, descending from `start`, until no coefficient moves by a millionth of the largest.
    package func coefficients(penalty: Double, from start: [Double]) -> [Double] {
        var (current, slopes) = (start, response)
        for (place, coefficient) in start.enumerated() where coefficient != 0 {
            for other in slopes.indices { slopes[other] -= coefficient * gram[place, other] }
        }
        for _ in 0..<1000 {
            var (largestMove, largest) = (0.0, 0.0)
            for place in current.indices where gram[place, place] > 0 {
                let slope = slopes[place] + gram[place, place] * current[place]
                let shrunk = max(abs(slope) - penalty, 0) / gram[place, place]
                let updated = slope < 0 ? -shrunk : shrunk
                let move = updated - current[place]
                largest = max(largest, abs(updated))
                guard move != 0 else { continue }
                largestMove = max(largestMove, abs(move))
                for other in slopes.indices { slopes[other] -= move * gram[place, other] }
                current[place] = updated
            }
            if largestMove <= 1e-6 * largest { break }
        }
        return current
    }

    /// The `count` predictors that are left when the penalty is raised until there are no more, ascending.
    ///
    /// Where several leave at one penalty, those with the largest coefficients just before it stay.
    package func support(count: Int) -> [Int] {
        guard count < response.count else { return Array(response.indices) }
        func size(_ coefficients: [Double]) -> Int { coefficients.count { $0 != 0 } }
        var (low, wide) = (0.0, coefficients(penalty: 0, from: [Double](repeating: 0, count: response.count)))
        var high = max(response.reduce(0) { max($0, abs($1)) } * 1e-5, .leastNormalMagnitude)
        var narrow = coefficients(penalty: high, from: wide)
        while size(narrow) > count, high.isFinite {
            (low, wide) = (high, narrow)
            high *= 1.25
            narrow = coefficients(penalty: high, from: wide)
        }
        for _ in 0..<24 where size(narrow) < count {
            let middle = (low + high) / 2
            let between = coefficients(penalty: middle, from: wide)
            if size(between) > count { (low, wide) = (middle, between) } else { (high, narrow) = (middle, between) }
        }
        let chosen = size(narrow) == count ? narrow : wide
        return chosen.map(abs).fallingOrder.prefix(count).sorted()
    }
}
