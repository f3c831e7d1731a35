/// The choice of a group and of two parts of its columns to search apart.
struct Branching {
    let group: Int
    let left: [Int]
    let right: [Int]
    /// Whether the first part holds more of the relaxation's solution.
    let prefersLeft: Bool

    /// Splits between the columns that the relaxation mixes; with none mixed, parts one column from its group.
    init?(_ table: ColumnTable, active: [Int], shares: [(column: Int, share: Double)], excess: [Int128]) {
        var byGroup = [[(column: Int, share: Double)]](repeating: [], count: table.groupCount)
        for share in shares { byGroup[table.group[share.column]].append(share) }
        let mixed = byGroup.indices.filter { byGroup[$0].count > 1 }
        let scores = mixed.map { Branching.spread(table, byGroup[$0]) }
        if let best = scores.indices.max(by: { scores[$0] < scores[$1] }),
            let mixture = Branching(table, active: active, mixed: byGroup[mixed[best]])
        {
            self = mixture
        } else {
            self.init(table, active: active, single: byGroup, excess: excess)
        }
    }

    /// Mean distance of the mixed columns' damages from their mean, with a little of the mixture itself.
    private static func spread(_ table: ColumnTable, _ shares: [(column: Int, share: Double)]) -> Double {
        let mean = shares.reduce(0) { $0 + $1.share * table.scaled.damage[$1.column] }
        let distance = shares.reduce(0) { $0 + $1.share * abs(table.scaled.damage[$1.column] - mean) }
        let largest = shares.map(\.share).max() ?? 1
        return distance + 1e-6 * (1 - largest)
    }

    private init?(_ table: ColumnTable, active: [Int], mixed: [(column: Int, share: Double)]) {
        group = table.group[mixed[0].column]
        let group = group
        let columns = active.filter { table.group[$0] == group }
        let key = Branching.key(table, mixed)
        let mean = mixed.reduce(0) { $0 + $1.share * key($1.column) } / mixed.reduce(0) { $0 + $1.share }
        left = columns.filter { key($0) <= mean }
        right = columns.filter { key($0) > mean }
        let leftShare = mixed.reduce(0) { $0 + (key($1.column) <= mean ? $1.share : -$1.share) }
        prefersLeft = leftShare >= 0
        if left.isEmpty || right.isEmpty { return nil }
    }

    /// The quantity in which the mixed columns differ most: damage, one row, or at last their order.
    private static func key(
        _ table: ColumnTable, _ mixed: [(column: Int, share: Double)]
    ) -> (Int) -> Double {
        func isSeparating(_ key: (Int) -> Double) -> Bool {
            let keys = mixed.map { key($0.column) }
            return (keys.max() ?? 0) - (keys.min() ?? 0) > 1e-9
        }
        let damage = { (column: Int) in table.scaled.damage[column] }
        if isSeparating(damage) { return damage }
        for row in 0..<table.rowCount {
            let amount = { (column: Int) in
                (table.start[column]..<table.start[column + 1]).first { table.row[$0] == row }
                    .map { table.scaled.amount[$0] } ?? 0
            }
            if isSeparating(amount) { return amount }
        }
        return { Double($0) }
    }

    /// Keeps the solution's column of the group whose next best column costs least apart from the rest.
    private init?(
        _ table: ColumnTable, active: [Int], single: [[(column: Int, share: Double)]], excess: [Int128]
    ) {
        var runnerUp = [Int128?](repeating: nil, count: table.groupCount)
        var kept = single.map { $0.first?.column }
        for (index, column) in active.enumerated() {
            let group = table.group[column]
            if kept[group] == nil { kept[group] = column }
            if kept[group] != column {
                runnerUp[group] = min(runnerUp[group] ?? excess[index], excess[index])
            }
        }
        let open = runnerUp.indices.filter { runnerUp[$0] != nil }
        guard let best = open.min(by: { (runnerUp[$0] ?? 0) < (runnerUp[$1] ?? 0) }) else { return nil }
        group = best
        left = active.filter { table.group[$0] == best && $0 == kept[best] }
        right = active.filter { table.group[$0] == best && $0 != kept[best] }
        prefersLeft = true
        if left.isEmpty || right.isEmpty { return nil }
    }
}
