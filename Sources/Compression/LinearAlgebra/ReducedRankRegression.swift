/// Linear maps of limited rank from predictors to targets of the same number, with an offset, of least squared error.
///
/// With the least-squares map `B`, the best of rank `r` is `U_r * (transposed U_r * B)`, where `U` are the eigenvectors of the
/// scatter of the fitted targets (the generalized singular value decomposition of the source; Izenman 1975). Where predictors do
/// not determine `B`, it is the one next to the identity.
package struct ReducedRankRegression: Sendable {
    /// What each direction adds to the explained sum of squares, descending.
    package let energies: [Double]
    private let directions: Matrix
    /// `targets x predictors`.
    private let full: Matrix
    private let means: (predictors: Matrix, targets: [Double])

    /// - Precondition: `predictors` and `targets` have the same extents; a row is one observation.
    package init(predictors: Matrix, targets: Matrix) throws {
        let count = predictors.columns
        var moments = LayerMoments(columns: count, targets: count)
        moments.add(predictors, targets: targets.minus(predictors))
        let change = try moments.leastSquares(damping: 1e-9).weights
        full = Matrix(rows: count, columns: count) { change[$1, $0] + ($0 == $1 ? 1 : 0) }
        let eigen = try SymmetricEigenvectors(full.times(moments.scatter).times(full.transposed))
        (energies, directions) = (eigen.values, eigen.vectors)
        let mean = moments.means
        let rows = Double(max(moments.count, 1))
        means = (
            Matrix(rows: count, columns: 1, elements: mean), zip(mean, moments.targetSums).map { $0 + $1 / rows }
        )
    }

    /// The map of rank `rank`.
    package func fit(rank: Int) -> LowRankMap {
        let left = directions.prefix(columns: rank)
        let right = left.times(full, transposingSelf: true)
        let fitted = left.times(right.times(means.predictors)).elements
        return LowRankMap(left: left, right: right, offsets: zip(means.targets, fitted).map { $0 - $1 })
    }
}

/// `left * right * x + offsets`.
package struct LowRankMap: Sendable {
    /// `targets x rank`.
    package let left: Matrix
    /// `rank x predictors`.
    package let right: Matrix
    package let offsets: [Double]

    /// What the map makes of every row.
    package func responses(to rows: Matrix) -> Matrix {
        var responses = rows.times(right.transposed).times(left.transposed)
        for place in responses.elements.indices { responses.elements[place] += offsets[place % offsets.count] }
        return responses
    }
}
