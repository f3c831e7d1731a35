/// Floating-point columns for the relaxation: shifted by group and scaled to about one, so that rounding stays small.
struct ScaledColumns: Sendable {
    let damage: [Double]
    let amount: [Double]
    let limit: [Double]
    /// Damage units per scaled unit.
    let damageUnit: Double
    /// Sum of the smallest damages of all groups, taken off every column.
    let damageOffset: Int128
    /// Resource units per scaled unit of each row.
    let rowUnit: [Double]
    /// Bits that hold any sum of absolute damages, and of absolute amounts of each row with its limit.
    let damageBits: Int
    let rowBits: [Int]

    init(_ columns: ColumnTableBuilder) {
        let limit = columns.limit
        let shifts = ScaledColumns.shifts(columns, limit: limit)
        let rowCount = limit.count
        var largestDamage = 0.0
        var largestAmount = [Double](repeating: 0, count: rowCount)
        var damage = columns.damage.indices.map { column in
            Double(Int128(columns.damage[column]) - shifts.damage[columns.group[column]])
        }
        var amount = columns.amount.map(Double.init)
        for column in columns.damage.indices {
            largestDamage = max(largestDamage, damage[column])
            for entry in columns.start[column]..<columns.start[column + 1] {
                let shift = shifts.amount[columns.group[column]][columns.row[entry]] ?? 0
                amount[entry] = Double(Int128(columns.amount[entry]) - shift)
                largestAmount[columns.row[entry]] = max(largestAmount[columns.row[entry]], abs(amount[entry]))
            }
        }
        let rowUnit = largestAmount.map { $0 > 0 ? $0 : 1 }
        damageUnit = largestDamage > 0 ? largestDamage : 1
        for column in damage.indices { damage[column] /= damageUnit }
        for entry in amount.indices { amount[entry] /= rowUnit[columns.row[entry]] }
        self.damage = damage
        self.amount = amount
        self.rowUnit = rowUnit
        self.limit = limit.indices.map { Double(limit[$0] - shifts.row[$0]) / rowUnit[$0] }
        damageOffset = shifts.damage.reduce(0, +)
        (damageBits, rowBits) = ScaledColumns.bits(columns, limit: limit)
    }

    private struct Shifts {
        var damage: [Int128] = []
        var amount: [[Int: Int128]] = []
        var row: [Int128]
    }

    /// The smallest damage of each group, and the smallest amount of each row that all columns of a group touch.
    private static func shifts(_ columns: ColumnTableBuilder, limit: [Int128]) -> Shifts {
        var shifts = Shifts(row: [Int128](repeating: 0, count: limit.count))
        for group in 0..<(columns.groupStart.count - 1) {
            let range = columns.groupStart[group]..<columns.groupStart[group + 1]
            shifts.damage.append(Int128(range.map { columns.damage[$0] }.min() ?? 0))
            var smallest: [Int: (amount: Int64, count: Int)] = [:]
            for entry in columns.start[range.lowerBound]..<columns.start[range.upperBound] {
                let row = columns.row[entry]
                let known = smallest[row]
                smallest[row] = (
                    min(known?.amount ?? columns.amount[entry], columns.amount[entry]), (known?.count ?? 0) + 1
                )
            }
            let whole = smallest.filter { $0.value.count == range.count }.mapValues { Int128($0.amount) }
            for (row, amount) in whole { shifts.row[row] += amount }
            shifts.amount.append(whole)
        }
        return shifts
    }

    private static func bits(_ columns: ColumnTableBuilder, limit: [Int128]) -> (damage: Int, rows: [Int]) {
        let groups = UInt128(max(columns.groupStart.count, 1))
        let damage = columns.damage.reduce(UInt128(1)) { max($0, UInt128($1.magnitude)) } * groups
        var rows = limit.map { UInt128($0.magnitude) + 1 }
        var largest = rows.map { _ in UInt128(0) }
        for entry in columns.amount.indices {
            let row = columns.row[entry]
            largest[row] = max(largest[row], UInt128(columns.amount[entry].magnitude))
        }
        for row in rows.indices { rows[row] += largest[row] * groups }
        return (128 - damage.leadingZeroBitCount, rows.map { 128 - $0.leadingZeroBitCount })
    }
}
