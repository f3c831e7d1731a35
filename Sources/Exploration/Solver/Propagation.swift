/// Drops the columns that one row alone forbids, given the least that the other groups use of it.
struct Propagation {
    /// The columns that are left.
    private(set) var active: [Int]
    /// The rows that dropped something, in order.
    private(set) var rows: [Int] = []
    /// Whether some row leaves no choice at all.
    private(set) var isClosed = false

    private let table: ColumnTable
    private var isActive: [Bool]
    private var activeCount: [Int]

    init(_ table: ColumnTable, active: [Int]) {
        self.table = table
        self.active = active
        isActive = [Bool](repeating: false, count: table.columnCount)
        activeCount = [Int](repeating: 0, count: table.groupCount)
        for column in active {
            isActive[column] = true
            activeCount[table.group[column]] += 1
        }
        var isChanging = true
        for _ in 0..<4 where isChanging && !isClosed {
            isChanging = false
            for row in 0..<table.rowCount where !isClosed && propagate(row) {
                rows.append(row)
                isChanging = true
            }
        }
        if !rows.isEmpty { self.active = active.filter { isActive[$0] } }
    }

    /// Returns whether the row dropped a column or closed the part.
    private mutating func propagate(_ row: Int) -> Bool {
        let touched = table.touchedGroups[row]
        var least = [Int64](repeating: 0, count: touched.count)
        var spare = table.limit[row]
        for (index, group) in touched.enumerated() {
            var smallest = Int64.max
            var count = 0
            for (column, amount) in zip(group.columns, group.amounts) where isActive[column] {
                smallest = min(smallest, amount)
                count += 1
            }
            if count < activeCount[group.group] { smallest = min(smallest, 0) }
            least[index] = smallest
            spare -= Int128(smallest)
        }
        if spare < 0 {
            isClosed = true
            return true
        }
        var isDropping = false
        for (index, group) in touched.enumerated() {
            let allowed = spare + Int128(least[index])
            for (column, amount) in zip(group.columns, group.amounts) where isActive[column] && Int128(amount) > allowed
            {
                isActive[column] = false
                activeCount[group.group] -= 1
                isDropping = true
            }
        }
        return isDropping
    }
}

/// The columns of one group that touch one row.
struct TouchedGroup: Sendable {
    let group: Int
    var columns: [Int]
    var amounts: [Int64]
}
