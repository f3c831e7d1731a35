/// A row of ones that one resource's limit implies: a choice takes at most so many of the columns.
struct CoverCut: Hashable, Sendable {
    /// The original resource.
    let resource: Int
    let atMost: Int
    /// The columns in order.
    let columns: [Int]
}

/// Finds cover and clique cuts that a fractional solution breaks.
///
/// With the least amount of each group taken off, let S be what a limit leaves and e a column's excess. Of the columns
/// with e > S / (k + 1) at most k fit together; and if one group's columns have e ≥ v, those of other groups with
/// both e > S − v and e > S / 2 fit neither with them nor with each other.
struct CutSeparation {
    private struct Row {
        let resource: Int
        let spare: Int128
        let columns: [Int]
        let excess: [Int128]
    }

    private static let threshold = 0.01
    private static let largestCover: Int128 = 6

    private let table: ColumnTable
    private let rows: [Row]

    init(_ table: ColumnTable) {
        self.table = table
        rows = table.sources.indices.compactMap { index in
            guard case .resource(let resource) = table.sources[index] else { return nil }
            return CutSeparation.row(index, resource, table)
        }
    }

    private static func row(_ index: Int, _ resource: Int, _ table: ColumnTable) -> Row? {
        var spare = table.limit[index]
        var columns: [Int] = []
        var excess: [Int128] = []
        for touched in table.touchedGroups[index] {
            var least = Int128(touched.amounts.min() ?? 0)
            if touched.columns.count < table.columns(ofGroup: touched.group).count { least = min(least, 0) }
            spare -= least
            for (column, amount) in zip(touched.columns, touched.amounts) where Int128(amount) > least {
                columns.append(column)
                excess.append(Int128(amount) - least)
            }
        }
        return spare >= 0 ? Row(resource: resource, spare: spare, columns: columns, excess: excess) : nil
    }

    /// The cuts broken by the shares of the columns, the worst broken first.
    func violated(by shares: [Int: Double]) -> [CoverCut] {
        var found: [CoverCut: Double] = [:]
        for row in rows {
            let support = row.columns.indices.filter { shares[row.columns[$0]] != nil }
            let used = support.reduce(0.0) { $0 + Double(row.excess[$1]) * (shares[row.columns[$1]] ?? 0) }
            guard used > 0.5 * Double(row.spare) else { continue }
            separateCovers(row, support, shares, &found)
            separateCliques(row, support, shares, &found)
        }
        return found.sorted { left, right in
            left.value != right.value ? left.value > right.value : precedes(left.key, right.key)
        }.map(\.key)
    }

    /// A total order, so that ties fall the same way in every run.
    private func precedes(_ left: CoverCut, _ right: CoverCut) -> Bool {
        if left.resource != right.resource { return left.resource < right.resource }
        if left.atMost != right.atMost { return left.atMost < right.atMost }
        return left.columns.lexicographicallyPrecedes(right.columns)
    }

    private func separateCovers(
        _ row: Row, _ support: [Int], _ shares: [Int: Double], _ found: inout [CoverCut: Double]
    ) {
        let sizes = Set(support.map { row.spare / row.excess[$0] }).filter { $0 >= 1 && $0 <= Self.largestCover }
        for size in sizes.sorted() {
            let least = row.spare / (size + 1) + 1
            let share = support.reduce(0.0) { sum, index in
                row.excess[index] >= least ? sum + (shares[row.columns[index]] ?? 0) : sum
            }
            guard share > Double(size) + Self.threshold else { continue }
            let columns = row.columns.indices.filter { row.excess[$0] >= least }.map { row.columns[$0] }
            found[CoverCut(resource: row.resource, atMost: Int(size), columns: columns.sorted())] = share - Double(size)
        }
    }

    private func separateCliques(
        _ row: Row, _ support: [Int], _ shares: [Int: Double], _ found: inout [CoverCut: Double]
    ) {
        let half = row.spare / 2 + 1
        let own = support.map { (group: table.group[row.columns[$0]], value: row.excess[$0]) }
        let groups = Set(own.map(\.group)).sorted()
        for group in groups {
            var values = Set(own.filter { $0.group == group }.map(\.value))
            for other in own where other.group != group && other.value <= row.spare {
                values.insert(row.spare - other.value + 1)
            }
            for value in values.sorted() {
                let rest = max(row.spare - value + 1, half)
                func joins(_ index: Int) -> Bool {
                    row.excess[index] >= (table.group[row.columns[index]] == group ? value : rest)
                }
                let share = support.reduce(0.0) { joins($1) ? $0 + (shares[row.columns[$1]] ?? 0) : $0 }
                guard share > 1 + Self.threshold else { continue }
                let columns = row.columns.indices.filter(joins).map { row.columns[$0] }
                found[CoverCut(resource: row.resource, atMost: 1, columns: columns.sorted())] = share - 1
            }
        }
    }
}
