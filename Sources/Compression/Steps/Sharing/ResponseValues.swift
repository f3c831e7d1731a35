import Diagnostics

/// Shared values of a layer's weights that bring its responses near their targets, found in turns from given ones.
///
/// With `G = X'X` and `C = X'Y` of the inputs and targets of a group the squared error of its filters `w` is
/// `sum_o w_o G w_o' - 2 w_o C_o`. A turn gives each weight, the others fixed, the value of least error, which is the one nearest to
/// `w_j + (C - w G)_j / G_jj`, and then moves all values, places fixed, to the least squares solution. Neither makes the error
/// larger. The first turn starts from values no worse than the nearest. Weights that are 0 stay 0 and have no part in it.
package struct ResponseValues {
    /// One group of filters with the same inputs.
    package struct Group {
        package let moments: ResponseMoments
        /// `outputs x columns`.
        package var filters: Matrix

        package init(moments: ResponseMoments, filters: Matrix) {
            (self.moments, self.filters) = (moments, filters)
        }
    }

    package private(set) var groups: [Group]
    private var clusters: ScalarClusters

    package init(_ groups: [Group], start clusters: ScalarClusters, rounds: Int) throws {
        (self.groups, self.clusters) = (groups, clusters)
        for index in groups.indices { self.groups[index].filters = try groups[index].start(among: clusters) }
        var places = choosePlaces()
        for _ in 0..<rounds {
            try moveValues(at: places)
            let chosen = choosePlaces()
            guard chosen != places else { break }
            places = chosen
        }
    }

    /// The place of every weight's value, by group and filter; nil for weights that are 0.
    private mutating func choosePlaces() -> [[[Int?]]] {
        let clusters = self.clusters
        return groups.indices.map { index in
            let group = groups[index]
            let places = mapConcurrently(group.filters.rows) { group.places(ofFilter: $0, among: clusters) }
            let columns = group.filters.columns
            groups[index].filters = Matrix(rows: places.count, columns: columns) { row, column in
                places[row][column].map { clusters.centers[$0] } ?? 0
            }
            return places
        }
    }

    /// The least squares step of all values.
    private mutating func moveValues(at places: [[[Int?]]]) throws {
        let count = clusters.centers.count
        var system = Matrix(rows: count, columns: count, elements: [Double](repeating: 0, count: count * count))
        var right = [Double](repeating: 0, count: count)
        for (group, places) in zip(groups, places) {
            for (row, places) in places.enumerated() {
                let spread = Matrix(rows: places.count, columns: count) { places[$0] == $1 ? 1 : 0 }
                system.addProduct(transposed: spread, group.moments.gram.times(spread))
                let residual = group.residual(ofFilter: row)
                for (column, place) in places.enumerated() {
                    if let place { right[place] += residual[column] }
                }
            }
        }
        let factor = try CholeskyFactor(system, damping: 1e-10)
        let step = try factor.solve(Matrix(rows: count, columns: 1, elements: right)).elements
        let moved = zip(clusters.centers, step).map { $0 + $1 }
        for (index, places) in places.enumerated() {
            groups[index].filters = Matrix(rows: places.count, columns: groups[index].filters.columns) { row, column in
                places[row][column].map { moved[$0] } ?? 0
            }
        }
        clusters = ScalarClusters(centers: moved)
    }
}

extension ResponseValues.Group {
    /// The best of each filter's nearest values and of those chosen one after the other with the error fed on, from the filter and
    /// from the one that is best without a constraint.
    fileprivate func start(among clusters: ScalarClusters) throws -> Matrix {
        let rounding = try ResponseRounding(moments.gram)
        let free = try CholeskyFactor(moments.gram, damping: 1e-10).solve(moments.cross)
        let rows = mapConcurrently(filters.rows) { row in
            let own = (0..<filters.columns).map { filters[row, $0] }
            func value(_ real: Double, _ column: Int) -> Double { own[column] == 0 ? 0 : clusters.nearest(to: real) }
            let starts = [
                own.indices.map { value(own[$0], $0) }, rounding.sequential(own, rounded: value),
                rounding.sequential((0..<filters.columns).map { free[$0, row] }, rounded: value),
            ]
            let errors = starts.map { error(of: $0, filter: row) }
            return starts[errors.indices.min { errors[$0] < errors[$1] } ?? 0]
        }
        return Matrix(rows: filters.rows, columns: filters.columns, elements: rows.flatMap { $0 })
    }

    /// The squared error of values in the place of one filter, up to a number that is the same for all.
    private func error(of values: [Double], filter row: Int) -> Double {
        let responses = Matrix(rows: 1, columns: values.count, elements: values).times(moments.gram).elements
        return values.indices.reduce(0) { $0 + values[$1] * (responses[$1] - 2 * moments.cross[$1, row]) }
    }

    /// `C - w G` of one filter.
    fileprivate func residual(ofFilter row: Int) -> [Double] {
        let filter = Matrix(rows: 1, columns: filters.columns) { filters[row, $1] }
        let product = filter.times(moments.gram).elements
        return product.indices.map { moments.cross[$0, row] - product[$0] }
    }

    /// The place of each weight's value, chosen one after the other.
    fileprivate func places(ofFilter row: Int, among clusters: ScalarClusters) -> [Int?] {
        var residual = residual(ofFilter: row)
        let gram = moments.gram
        return (0..<filters.columns).map { column in
            let weight = filters[row, column]
            guard weight != 0 else { return nil }
            let curvature = gram[column, column]
            let place = clusters.place(nearest: curvature > 0 ? weight + residual[column] / curvature : weight)
            let change = clusters.centers[place] - weight
            for other in residual.indices { residual[other] -= change * gram[column, other] }
            return place
        }
    }
}
