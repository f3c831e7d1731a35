/// Gathers the columns of a table group by group, leaving out dominated options.
struct ColumnTableBuilder {
    let rows: LimitingRows
    private(set) var groupStart = [0]
    private(set) var group: [Int] = []
    private(set) var option: [Int] = []
    private(set) var followers: [[Int]] = []
    private(set) var damage: [Int64] = []
    private(set) var start = [0]
    private(set) var row: [Int] = []
    private(set) var amount: [Int64] = []
    private(set) var sources: [RowSource]
    private(set) var limit: [Int128]

    init(rows: LimitingRows) {
        self.rows = rows
        sources = rows.resource.map { .resource($0) }
        limit = rows.limit
    }

    /// The same columns with a row of ones for each cut.
    func adding(_ cuts: [CoverCut]) -> ColumnTableBuilder {
        var result = self
        var joined = [[Int]](repeating: [], count: option.count)
        for (index, cut) in cuts.enumerated() {
            for column in cut.columns { joined[column].append(sources.count + index) }
            result.sources.append(.cut(cut))
            result.limit.append(Int128(cut.atMost))
        }
        (result.start, result.row, result.amount) = ([0], [], [])
        for column in option.indices {
            result.row += row[start[column]..<start[column + 1]] + joined[column]
            result.amount += amount[start[column]..<start[column + 1]] + joined[column].map { _ in 1 }
            result.start.append(result.row.count)
        }
        return result
    }

    mutating func append(_ source: ChoiceProblem.Group, count: Int) {
        let dense = DenseGroup(source, rows: rows)
        let order = source.options.indices.sorted { dense.precedes($0, $1) }
        var kept: [Int] = []
        var columnOfOption: [Int: Int] = [:]
        var left: [(option: Int, dominator: Int)] = []
        for candidate in order {
            var dominators = 0
            var dominator = candidate
            for earlier in kept where dense.dominates(earlier, candidate) {
                if dominators == 0 { dominator = earlier }
                dominators += 1
                if dominators == count { break }
            }
            if dominators == count {
                left.append((candidate, dominator))
            } else {
                kept.append(candidate)
            }
        }
        for index in kept.sorted() {
            columnOfOption[index] = option.count
            appendColumn(index, source.options[index])
        }
        for (index, dominator) in left {
            guard let column = columnOfOption[dominator] else { continue }
            followers[column].append(index)
        }
        groupStart.append(option.count)
    }

    /// For each row, the groups with columns that touch it.
    var touchedGroups: [[TouchedGroup]] {
        var touched = [[TouchedGroup]](repeating: [], count: sources.count)
        for column in option.indices {
            for entry in start[column]..<start[column + 1] {
                let row = row[entry]
                if touched[row].last?.group != group[column] {
                    touched[row].append(TouchedGroup(group: group[column], columns: [], amounts: []))
                }
                touched[row][touched[row].count - 1].columns.append(column)
                touched[row][touched[row].count - 1].amounts.append(amount[entry])
            }
        }
        return touched
    }

    private mutating func appendColumn(_ index: Int, _ source: ChoiceProblem.Option) {
        group.append(groupStart.count - 1)
        option.append(index)
        followers.append([])
        damage.append(source.damage)
        let entries = source.costs.compactMap { cost in
            rows.rowOfResource[cost.resource].map { (row: $0, amount: cost.amount) }
        }
        for entry in entries.sorted(by: { $0.row < $1.row }) where entry.amount != 0 {
            row.append(entry.row)
            amount.append(entry.amount)
        }
        start.append(row.count)
    }
}

/// One group's options with their amounts of the rows that the group touches.
private struct DenseGroup {
    let damage: [Int64]
    let amounts: [[Int64]]

    init(_ group: ChoiceProblem.Group, rows: LimitingRows) {
        let touched = Set(group.options.lazy.flatMap(\.costs).compactMap { rows.rowOfResource[$0.resource] }).sorted()
        let place = Dictionary(uniqueKeysWithValues: zip(touched, touched.indices))
        damage = group.options.map(\.damage)
        amounts = group.options.map { option in
            var dense = [Int64](repeating: 0, count: touched.count)
            for cost in option.costs {
                guard let row = rows.rowOfResource[cost.resource], let index = place[row] else { continue }
                dense[index] = cost.amount
            }
            return dense
        }
    }

    /// A total order in which an option comes after all that dominate it.
    func precedes(_ left: Int, _ right: Int) -> Bool {
        if damage[left] != damage[right] { return damage[left] < damage[right] }
        for (a, b) in zip(amounts[left], amounts[right]) where a != b { return a < b }
        return left < right
    }

    /// Whether the earlier option is no worse in damage and in every row.
    func dominates(_ earlier: Int, _ later: Int) -> Bool {
        damage[earlier] <= damage[later] && zip(amounts[earlier], amounts[later]).allSatisfy { $0 <= $1 }
    }
}
