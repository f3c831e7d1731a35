extension LayerMoments.Centered {
    /// Columns that are solved for at once, at most.
    private static let largestSystem = 1024

    /// The filter with weights at some columns alone that comes nearest to a target, held near others by the ridge.
    ///
    /// `(C_SS + r) v = c_S + r w_S` with the damped curvature of the columns `S`; the objective is never above that of `w_S`.
    /// More columns than can be solved at once fall into even runs, solved one after the other with what the others respond
    /// taken off: one sweep of block coordinate descent, which never raises the objective either.
    ///
    /// - Parameters:
    ///   - plain: the weights before, one a column.
    ///   - columns: those that may be other than 0.
    func filter(near plain: [Double], target: Int, columns: [Int]) throws -> [Double] {
        var filter = [Double](repeating: 0, count: plain.count)
        for column in columns { filter[column] = plain[column] }
        let runs = (columns.count + Self.largestSystem - 1) / Self.largestSystem
        for run in 0..<runs {
            let block = Array(columns[columns.count * run / runs..<columns.count * (run + 1) / runs])
            for column in block { filter[column] = 0 }
            let others = runs > 1 ? columns.filter { filter[$0] != 0 } : []
            let right = Matrix(rows: block.count, columns: 1) { row, _ in
                others.reduce(cross[block[row], target] + ridge * plain[block[row]]) {
                    $0 - curvature[block[row], $1] * filter[$1]
                }
            }
            let system = Matrix(rows: block.count, columns: block.count) { curvature[block[$0], block[$1]] }
            let solution = try CholeskyFactor(system, damping: 1e-12).solve(right)
            for (row, column) in block.enumerated() { filter[column] = solution.elements[row] }
        }
        return filter
    }
}
