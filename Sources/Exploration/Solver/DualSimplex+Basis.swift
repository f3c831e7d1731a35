extension DualSimplex {
    /// Starts from the least damage of each group, which is dual feasible for any limits.
    mutating func start(active columns: [Int]) {
        restrict(to: columns)
        var cheapest = [Int](repeating: -1, count: table.groupCount)
        for column in columns {
            let known = cheapest[table.group[column]]
            if known < 0 || table.scaled.damage[column] < table.scaled.damage[known] {
                cheapest[table.group[column]] = column
            }
        }
        load(basis: cheapest + (0..<table.rowCount).map { table.columnCount + $0 })
    }

    /// Takes over a basis of an earlier relaxation whose active columns included the present ones.
    mutating func load(basis columns: [Int]) {
        basis = columns
        refactor()
    }

    /// Rebuilds the inverse, the basic values and the reduced costs from the basic columns.
    mutating func refactor() {
        let size = equationCount
        let slackBase = table.columnCount
        let columns = basis
        inverse = [Double](repeating: 0, count: size * size)
        for index in 0..<size { inverse[index * size + index] = 1 }
        value = [Double](repeating: 1, count: table.groupCount) + table.scaled.limit
        for column in place.indices { place[column] = -1 }
        basis = [Int](repeating: -1, count: size)
        for slack in columns where slack >= slackBase {
            basis[table.groupCount + slack - slackBase] = slack
            place[slack] = table.groupCount + slack - slackBase
        }
        var isSingular = false
        for structural in columns.sorted() where structural < slackBase && place[structural] < 0 {
            let direction = column(structural)
            let group = table.group[structural]
            var best = basis[group] < 0 ? group : -1
            if best < 0 {
                for equation in 0..<size where basis[equation] < 0 {
                    if best < 0 || abs(direction[equation]) > abs(direction[best]) { best = equation }
                }
            }
            guard best >= 0, abs(direction[best]) > 1e-10 else {
                isSingular = true
                break
            }
            basis[best] = structural
            place[structural] = best
            eliminate(direction, best)
        }
        pivots = 0
        if isSingular || basis.contains(-1) {
            start(active: active)
        } else {
            price()
        }
    }

    /// The column's coordinates in the present basis.
    func column(_ index: Int) -> [Double] {
        let size = equationCount
        let groups = table.groupCount
        guard index < table.columnCount else {
            let row = groups + index - table.columnCount
            return (0..<size).map { inverse[$0 * size + row] }
        }
        let group = table.group[index]
        let entries = table.start[index]..<table.start[index + 1]
        return [Double](unsafeUninitializedCapacity: size) { buffer, count in
            for equation in 0..<size {
                var sum = inverse[equation * size + group]
                for entry in entries {
                    sum += inverse[equation * size + groups + table.row[entry]] * table.scaled.amount[entry]
                }
                buffer[equation] = sum
            }
            count = size
        }
    }

    /// Makes `direction` the unit vector of `pivotRow` by row operations on the inverse and the values.
    mutating func eliminate(_ direction: [Double], _ pivotRow: Int) {
        let size = equationCount
        let base = pivotRow * size
        let scale = 1 / direction[pivotRow]
        var nonzero: [Int] = []
        inverse.withUnsafeMutableBufferPointer { inverse in
            for index in 0..<size where inverse[base + index] != 0 {
                inverse[base + index] *= scale
                nonzero.append(index)
            }
            for equation in 0..<size where equation != pivotRow && abs(direction[equation]) > 1e-13 {
                let factor = direction[equation]
                for index in nonzero {
                    inverse[equation * size + index] -= factor * inverse[base + index]
                }
            }
        }
        value[pivotRow] *= scale
        for equation in 0..<size where equation != pivotRow {
            value[equation] -= direction[equation] * value[pivotRow]
        }
    }

    /// Computes the reduced costs and the objective from the inverse.
    private mutating func price() {
        let size = equationCount
        var duals = [Double](repeating: 0, count: size)
        objective = 0
        for equation in 0..<size where basis[equation] < table.columnCount {
            let cost = table.scaled.damage[basis[equation]]
            objective += cost * value[equation]
            for index in 0..<size { duals[index] += cost * inverse[equation * size + index] }
        }
        for column in active {
            var sum = table.scaled.damage[column] - duals[table.group[column]]
            for entry in table.start[column]..<table.start[column + 1] {
                sum -= duals[table.groupCount + table.row[entry]] * table.scaled.amount[entry]
            }
            reduced[column] = place[column] < 0 ? sum : 0
        }
        for row in 0..<table.rowCount {
            reduced[table.columnCount + row] =
                place[table.columnCount + row] < 0 ? -duals[table.groupCount + row] : 0
        }
    }
}
