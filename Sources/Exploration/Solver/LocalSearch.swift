/// Repairs and improves one choice by exchanging the columns of one or two groups.
struct LocalSearch {
    let table: ColumnTable
    /// One column per group.
    private(set) var columns: [Int]
    private(set) var damage: Int128
    /// Usage above the limit of each row.
    private(set) var excess: [Int128]

    init(_ table: ColumnTable, columns: [Int]) {
        self.table = table
        self.columns = columns
        damage = table.damage(of: columns)
        excess = table.excess(of: columns)
    }

    var isFeasible: Bool { excess.allSatisfy { $0 <= 0 } }

    /// Exchanges single columns until every limit is kept, each time the cheapest for what it repairs.
    ///
    /// Returns how many times it looked through the candidates.
    mutating func repair(_ candidates: [Int]) -> Int {
        var sweeps = 0
        while sweeps < 2 * table.groupCount + 4, !isFeasible {
            sweeps += 1
            guard let column = bestRepair(candidates) else { break }
            exchange(column)
        }
        return sweeps
    }

    /// Exchanges single columns while that lowers the damage and keeps the limits.
    mutating func improve(_ candidates: [Int]) {
        var isImproving = true
        while isImproving {
            isImproving = false
            forEachGroup(candidates) { search, group, slice in
                guard let column = search.bestImprovement(group, slice) else { return }
                search.exchange(column)
                isImproving = true
            }
        }
    }

    /// Exchanges the columns of two groups at once, the first pair that lowers the damage; returns whether one did.
    mutating func improvePair(_ candidates: [Int]) -> Bool {
        for column in candidates where column != columns[table.group[column]] {
            var trial = self
            trial.exchange(column)
            let gain = trial.damage - damage
            var found: Int?
            trial.forEachGroup(candidates) { search, group, slice in
                guard found == nil, group != search.table.group[column] else { return }
                found = search.bestImprovement(group, slice, below: -gain)
            }
            if let found {
                trial.exchange(found)
                self = trial
                return true
            }
        }
        return false
    }

    /// Puts a column in its group's place.
    mutating func exchange(_ column: Int) {
        let group = table.group[column]
        move(columns[group], by: -1)
        move(column, by: 1)
        columns[group] = column
    }

    private mutating func move(_ column: Int, by sign: Int128) {
        damage += sign * Int128(table.damage[column])
        for entry in table.start[column]..<table.start[column + 1] {
            excess[table.row[entry]] += sign * Int128(table.amount[entry])
        }
    }

    /// Calls the body with each group's candidates, which come in the order of the groups.
    private mutating func forEachGroup(_ candidates: [Int], _ body: (inout LocalSearch, Int, ArraySlice<Int>) -> Void) {
        var first = 0
        while first < candidates.count {
            let group = table.group[candidates[first]]
            var last = first
            while last < candidates.count, table.group[candidates[last]] == group { last += 1 }
            body(&self, group, candidates[first..<last])
            first = last
        }
    }

    /// The feasible column of the group with the least damage, if it changes the damage by less than `bound`.
    private mutating func bestImprovement(_ group: Int, _ slice: ArraySlice<Int>, below bound: Int128 = 0) -> Int? {
        let present = columns[group]
        var least = Int128(table.damage[present]) + bound
        guard slice.contains(where: { Int128(table.damage[$0]) < least }) else { return nil }
        move(present, by: -1)
        defer { move(present, by: 1) }
        let broken = excess.count { $0 > 0 }
        var best: Int?
        for column in slice where Int128(table.damage[column]) < least {
            if keepsLimits(column, broken) {
                least = Int128(table.damage[column])
                best = column
            }
        }
        return best
    }

    /// Whether the rows are kept once the column joins, when `broken` rows are not before.
    private func keepsLimits(_ column: Int, _ broken: Int) -> Bool {
        var remaining = broken
        for entry in table.start[column]..<table.start[column + 1] {
            let before = excess[table.row[entry]]
            if before &+ Int128(table.amount[entry]) > 0 { return false }
            if before > 0 { remaining -= 1 }
        }
        return remaining == 0
    }

    private mutating func bestRepair(_ candidates: [Int]) -> Int? {
        let violation = totalViolation()
        var best: Int?
        var bestMerit = 0.0
        forEachGroup(candidates) { search, group, slice in
            let present = search.columns[group]
            search.move(present, by: -1)
            let rest = search.totalViolation()
            for column in slice where column != present {
                let relief = violation - (rest + search.violationChange(column))
                guard relief > 1e-12 * violation else { continue }
                let loss = Double(Int128(search.table.damage[column]) - Int128(search.table.damage[present]))
                let merit = relief / (max(0, loss / search.table.scaled.damageUnit) + 1e-3)
                if merit > bestMerit {
                    bestMerit = merit
                    best = column
                }
            }
            search.move(present, by: 1)
        }
        return best
    }

    private func totalViolation() -> Double {
        excess.indices.reduce(0) { $0 + violation($1, excess[$1]) }
    }

    private func violationChange(_ column: Int) -> Double {
        (table.start[column]..<table.start[column + 1]).reduce(0) { sum, entry in
            let row = table.row[entry]
            return sum + violation(row, excess[row] + Int128(table.amount[entry])) - violation(row, excess[row])
        }
    }

    private func violation(_ row: Int, _ excess: Int128) -> Double {
        excess > 0 ? Double(excess) / table.scaled.rowUnit[row] : 0
    }
}
