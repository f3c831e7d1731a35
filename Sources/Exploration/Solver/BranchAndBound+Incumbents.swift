extension BranchAndBound {
    /// Rounds the relaxation's solution, repairs and improves it, and enters what is feasible; returns the work done.
    mutating func searchNearby(_ active: [Int], _ lagrangian: LagrangianBound) -> Int {
        guard processed <= 64 || processed % 8 == 0 else {
            enterRounded()
            return table.groupCount
        }
        let sweep = 10 * active.count
        var work = sweep
        var search = LocalSearch(table, columns: rounded())
        work += sweep * search.repair(active)
        guard search.isFeasible else { return work }
        search.improve(active)
        guard enter(search) else { return work }
        let near = nearest(active, lagrangian)
        var rounds = 0
        while rounds < 40, search.improvePair(near) {
            search.improve(active)
            enter(search)
            rounds += 1
        }
        work += rounds * (sweep + near.count * near.count)
        enterNeighbours(of: search, active)
        return work
    }

    /// Enters the largest shares of the relaxation's solution when they are feasible as they are.
    private mutating func enterRounded() {
        let search = LocalSearch(table, columns: rounded())
        if search.isFeasible { enter(search) }
    }

    private func rounded() -> [Int] {
        var columns = [Int](repeating: -1, count: table.groupCount)
        var largest = [Double](repeating: -1, count: table.groupCount)
        for (column, share) in simplexShares where share > largest[table.group[column]] {
            largest[table.group[column]] = share
            columns[table.group[column]] = column
        }
        return columns.indices.map { columns[$0] < 0 ? table.groupStart[$0] : columns[$0] }
    }

    @discardableResult
    private mutating func enter(_ search: LocalSearch) -> Bool {
        enter(search.columns, damage: search.damage)
    }

    /// With more than one best choice wanted, enters all feasible exchanges of one column.
    private mutating func enterNeighbours(of search: LocalSearch, _ candidates: [Int]) {
        guard incumbents.capacity > 1 else { return }
        for column in candidates where search.columns[table.group[column]] != column {
            let change = Int128(table.damage[column]) - Int128(table.damage[search.columns[table.group[column]]])
            guard incumbents.admits(search.damage + change) else { continue }
            var trial = search
            trial.exchange(column)
            if trial.isFeasible { enter(trial) }
        }
    }

    /// The few columns of each group that the multipliers like best.
    private func nearest(_ active: [Int], _ lagrangian: LagrangianBound) -> [Int] {
        let kept = max(2, min(8, 500 / max(1, table.groupCount)))
        var byGroup = [[(column: Int, excess: Int128)]](repeating: [], count: table.groupCount)
        for (column, excess) in zip(active, lagrangian.excess) {
            byGroup[table.group[column]].append((column, excess))
        }
        return byGroup.flatMap { group in
            group.sorted { ($0.excess, $0.column) < ($1.excess, $1.column) }.prefix(kept).map(\.column).sorted()
        }
    }
}
