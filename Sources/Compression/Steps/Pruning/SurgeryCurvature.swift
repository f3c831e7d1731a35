import Diagnostics

/// The Hessian of a filter's squared response error over some columns of patches, and what the filters shall make up for.
struct SurgeryCurvature: Sendable {
    /// `2 X'X / N`.
    let hessian: Matrix
    /// Of the Hessian with `damping` of its mean diagonal added.
    let inverse: Matrix
    /// The mean of every column; zeros when no bias can make up for it.
    let means: [Double]
    /// The mean of every output's missing response; zeros when none is known or no bias can make up for it.
    let shifts: [Double]
    /// What every filter gains to give the missing responses, `columns x outputs`; nil when they are not known.
    private let correction: Matrix?

    /// - Parameters:
    ///   - moments: of patches, with the missing responses as targets or without targets.
    ///   - centered: `X` are deviations from the means, for which a bias makes up.
    init(_ moments: LayerMoments, centered: Bool, damping: Double) throws {
        let rows = Double(max(moments.count, 1))
        var (hessian, cross) = centered ? moments.centered : (moments.gram, moments.cross)
        for place in hessian.elements.indices { hessian.elements[place] *= 2 / rows }
        for place in cross.elements.indices { cross.elements[place] *= 2 / rows }
        inverse = try CholeskyFactor(hessian, damping: damping).inverse()
        self.hessian = hessian
        means = moments.columnSums.map { centered ? $0 / rows : 0 }
        shifts = moments.targetSums.map { centered ? $0 / rows : 0 }
        correction = cross.columns > 0 ? inverse.times(cross) : nil
    }

    /// The filters, one a row, that come nearest to the wanted responses without a constraint.
    func start(from filters: Matrix) -> Matrix {
        guard let correction else { return filters }
        return Matrix(rows: filters.rows, columns: filters.columns) { filters[$0, $1] + correction[$1, $0] }
    }

    /// Twice the variance of what a filter gives.
    func energy(of filters: Matrix, row: Int) -> Double {
        let filter = Matrix(rows: filters.columns, columns: 1) { column, _ in filters[row, column] }
        return hessian.times(filter).times(filter, transposingSelf: true).elements[0]
    }
}
