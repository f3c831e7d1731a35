extension LayerMoments {
    /// The mean of every column of `X`.
    package var means: [Double] { columnSums.map { $0 / Double(max(count, 1)) } }

    /// `transposed X * X` with the means of the columns taken off.
    package var scatter: Matrix {
        var centered = gram
        centered.addOuter(columnSums, columnSums, factor: -1 / Double(max(count, 1)))
        return centered
    }

    /// `transposed X * X` and `transposed X * Y` with the means of columns and targets taken off.
    package var centered: (gram: Matrix, cross: Matrix) {
        var cross = cross
        cross.addOuter(columnSums, targetSums, factor: -1 / Double(max(count, 1)))
        return (scatter, cross)
    }

    /// The squared length of all targets with their means taken off.
    package var centeredTargetSquares: Double {
        zip(targetSquares, targetSums).reduce(0) { $0 + $1.0 - $1.1 * $1.1 / Double(max(count, 1)) }
    }

    /// The scatter drawn towards a multiple of identity with the same trace, which lowers its expected squared error as an
    /// estimate: few rows say little about many columns.
    ///
    /// Intensity `((1 - 2/p) t2 + t1^2) / ((n + 1 - 2/p) (t2 - t1^2 / p))`, at most 1, with the traces `t1` of the scatter and
    /// `t2` of its square, `n` rows and `p` columns (Chen, Wiesel, Eldar, Hero: Shrinkage Algorithms for MMSE Covariance
    /// Estimation, 2010, the oracle approximating estimator).
    package var shrunkScatter: Matrix {
        var shrunk = scatter
        let (columns, rows) = (Double(shrunk.rows), Double(count))
        let trace = (0..<shrunk.rows).reduce(0) { $0 + shrunk[$1, $1] }
        let square = shrunk.squaredNorm
        let spread = (rows + 1 - 2 / columns) * (square - trace * trace / columns)
        let intensity = spread > 0 ? min(1, ((1 - 2 / columns) * square + trace * trace) / spread) : 1
        for place in shrunk.elements.indices { shrunk.elements[place] *= 1 - intensity }
        for place in 0..<shrunk.rows { shrunk.elements[place * (shrunk.rows + 1)] += intensity * trace / columns }
        return shrunk
    }
}
