/// The linear relaxation over the active columns, solved by the dual simplex method on an explicit inverse.
///
/// It starts from a dual feasible basis (the least damage of each group), so every stop, early ones included, leaves
/// usable multipliers. Nothing here is trusted: bounds are evaluated again in integers from the multipliers.
struct DualSimplex {
    enum Outcome {
        /// Solved, or stopped with valid multipliers.
        case bounded(isSolved: Bool)
        /// No fractional choice keeps the limits; the weights of the rows that show it.
        case infeasible(ray: [Double])
    }

    static let tolerance = 1e-9

    let table: ColumnTable
    var active: [Int] = []
    var isActive: [Bool]
    /// The basic column of each equation; `columnCount + r` stands for the slack of row `r`.
    var basis: [Int] = []
    /// The equation of each basic column, -1 for the others.
    var place: [Int]
    var inverse: [Double] = []
    var value: [Double] = []
    var reduced: [Double]
    var objective = 0.0
    var pivots = 0
    private var alpha: [Double] = []
    private var work = 0

    var equationCount: Int { table.groupCount + table.rowCount }

    init(_ table: ColumnTable) {
        self.table = table
        isActive = [Bool](repeating: false, count: table.columnCount)
        place = [Int](repeating: -1, count: table.columnCount + table.rowCount)
        reduced = [Double](repeating: 0, count: table.columnCount + table.rowCount)
    }

    /// The multiplier of each row, in damage units per resource unit.
    var multipliers: [Double] {
        (0..<table.rowCount).map { row in
            let slack = table.columnCount + row
            guard place[slack] < 0 else { return 0 }
            return max(0, reduced[slack]) * table.scaled.damageUnit / table.scaled.rowUnit[row]
        }
    }

    /// The columns with their shares of the current basic solution.
    var shares: [(column: Int, share: Double)] {
        zip(basis, value).compactMap { column, share in
            column < table.columnCount && share > 1e-7 ? (column, share) : nil
        }
    }

    /// The rows whose limits the present solution meets, by their slacks being out of the basis.
    var bindingRows: [Int] {
        (0..<table.rowCount).filter { place[table.columnCount + $0] < 0 }
    }

    /// Narrows the active columns; a basic column left out is driven out by `solve`.
    mutating func restrict(to columns: [Int]) {
        for column in active { isActive[column] = false }
        active = columns
        for column in columns { isActive[column] = true }
    }

    /// Elementary operations since the last call.
    mutating func takeWork() -> Int {
        defer { work = 0 }
        return work
    }

    /// Pivots until no limit is broken, the objective passes the cutoff, or the iteration limit is met.
    mutating func solve(cutoff: Int128?) -> Outcome {
        let scaledCutoff = cutoff.map { Double($0 - table.scaled.damageOffset) / table.scaled.damageUnit + 1e-6 }
        let sweep = 4 * active.count + equationCount * equationCount / 4
        for _ in 0..<(10 * equationCount + 200) {
            work += sweep
            if pivots > 60 { refactor() }
            guard let (leaving, sign) = leavingEquation() else { return .bounded(isSolved: true) }
            if let scaledCutoff, objective > scaledCutoff { return .bounded(isSolved: false) }
            guard let entering = enteringColumn(leaving, sign) else {
                let ray = (0..<table.rowCount).map { row in
                    let weight = sign * inverse[leaving * equationCount + table.groupCount + row]
                    return max(0, weight) / table.scaled.rowUnit[row]
                }
                return .infeasible(ray: ray)
            }
            pivot(leaving, entering, sign)
        }
        return .bounded(isSolved: false)
    }

    /// The equation that is furthest from its bounds, with +1 when below zero and -1 when a forbidden column is used.
    private func leavingEquation() -> (equation: Int, sign: Double)? {
        var worst = DualSimplex.tolerance
        var found: (Int, Double)?
        for equation in 0..<equationCount {
            let amount = value[equation]
            if -amount > worst {
                worst = -amount
                found = (equation, 1)
            } else if amount > worst, basis[equation] < table.columnCount, !isActive[basis[equation]] {
                worst = amount
                found = (equation, -1)
            }
        }
        return found
    }

    /// Ratio test with a tolerance, among the near ties the steepest column.
    private mutating func enteringColumn(_ leaving: Int, _ sign: Double) -> Int? {
        let equation = leaving * equationCount
        let slackBase = table.columnCount
        alpha.removeAll(keepingCapacity: true)
        var bound = Double.infinity
        func consider(_ coefficient: Double, _ column: Int) {
            if coefficient < -DualSimplex.tolerance, place[column] < 0 {
                bound = min(bound, (max(0, reduced[column]) + DualSimplex.tolerance) / -coefficient)
            }
        }
        for column in active {
            var sum = inverse[equation + table.group[column]]
            for entry in table.start[column]..<table.start[column + 1] {
                sum += inverse[equation + table.groupCount + table.row[entry]] * table.scaled.amount[entry]
            }
            alpha.append(sign * sum)
            consider(sign * sum, column)
        }
        for row in 0..<table.rowCount {
            let coefficient = sign * inverse[equation + table.groupCount + row]
            alpha.append(coefficient)
            consider(coefficient, slackBase + row)
        }
        guard bound < .infinity else { return nil }
        var entering: Int?
        var steepest = 0.0
        for (index, coefficient) in alpha.enumerated() where coefficient < -DualSimplex.tolerance {
            let column = index < active.count ? active[index] : slackBase + index - active.count
            guard place[column] < 0, max(0, reduced[column]) / -coefficient <= bound else { continue }
            if -coefficient > steepest {
                steepest = -coefficient
                entering = column
            }
        }
        return entering
    }

    private mutating func pivot(_ leaving: Int, _ entering: Int, _ sign: Double) {
        let direction = column(entering)
        let step = reduced[entering] / direction[leaving]
        for (index, column) in active.enumerated() where place[column] < 0 {
            reduced[column] -= step * sign * alpha[index]
        }
        for row in 0..<table.rowCount where place[table.columnCount + row] < 0 {
            reduced[table.columnCount + row] -= step * sign * alpha[active.count + row]
        }
        objective += step * value[leaving]
        reduced[basis[leaving]] = -step
        reduced[entering] = 0
        place[basis[leaving]] = -1
        place[entering] = leaving
        basis[leaving] = entering
        eliminate(direction, leaving)
        pivots += 1
    }
}
