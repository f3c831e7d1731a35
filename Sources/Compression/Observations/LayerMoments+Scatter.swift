extension LayerMoments {
    /// The mean of every column of `X`.
    package var means: [Double] { columnSums.map { $0 / Double(max(count, 1)) } }

    /// `transposed X * X` with the means of the columns taken off.
    package var scatter: Matrix {
        var centered = gram
        centered.addOuter(columnSums, columnSums, factor: -1 / Double(max(count, 1)))
        return centered
    }
}
