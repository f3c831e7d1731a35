extension LayerMoments {
    /// What a fit with a free offset sees: the covariance of the patches and theirs with the targets, the former damped.
    struct Centered {
        var curvature: Matrix
        var cross: Matrix
        /// What was added to the diagonal.
        var ridge: Double
    }

    /// - Parameter damping: part of the mean of the diagonal added to it.
    func centered(damping: Double) -> Centered {
        var (curvature, cross) = centered
        let mean = curvature.meanDiagonal
        let ridge = mean > 0 ? mean * damping : damping
        curvature.addToDiagonal(ridge)
        return Centered(curvature: curvature, cross: cross, ridge: ridge)
    }

    /// The offset of a target that brings a filter's mean response to the target's.
    func offset(of target: Int, filter: [Double]) -> Double {
        (targetSums[target] - filter.dot(columnSums)) / Double(max(count, 1))
    }
}
