/// Integer multipliers: with scale s and weights w, s · damage ≥ Σ least (s · damage + w · cost) − w · limit.
///
/// Scale 0 speaks of feasibility alone: a positive right-hand side proves that no choice keeps the limits.
struct IntegerMultipliers {
    var scale: Int64
    /// One weight per row, none negative.
    var weights: [Int64]

    /// No multiplier: the bound is the sum of the least damages.
    static func none(_ table: ColumnTable) -> IntegerMultipliers {
        IntegerMultipliers(scale: 1, weights: [Int64](repeating: 0, count: table.rowCount))
    }

    /// The limit of one row, by itself.
    static func single(row: Int, _ table: ColumnTable) -> IntegerMultipliers {
        var weights = [Int64](repeating: 0, count: table.rowCount)
        weights[row] = 1
        return IntegerMultipliers(scale: 0, weights: weights)
    }

    /// Rounds real multipliers to the finest common denominator, a power of two, that keeps 128-bit sums exact.
    init(rounding multipliers: [Double], _ table: ColumnTable) {
        let exponent = Self.exponent(multipliers, table, from: min(62, 120 - table.scaled.damageBits))
        scale = Int64(1) << max(0, exponent)
        weights = Self.round(multipliers, max(0, exponent), table)
    }

    /// Rounds a proof of infeasibility.
    init(roundingRay ray: [Double], _ table: ColumnTable) {
        let largest = ray.max() ?? 0
        scale = 0
        weights = Self.round(ray, Self.exponent(ray, table, from: largest > 0 ? 1000 : 0), table)
    }

    private init(scale: Int64, weights: [Int64]) {
        self.scale = scale
        self.weights = weights
    }

    private static func exponent(_ multipliers: [Double], _ table: ColumnTable, from start: Int) -> Int {
        var exponent = start
        for (row, multiplier) in multipliers.enumerated() where multiplier > 0 {
            exponent = min(exponent, largestBits(row, table) - 1 - Int(multiplier.exponent))
        }
        return exponent
    }

    private static func largestBits(_ row: Int, _ table: ColumnTable) -> Int {
        let headroom = Int.bitWidth - table.rowCount.leadingZeroBitCount + 1
        return max(1, min(62, 120 - headroom - table.scaled.rowBits[row]))
    }

    private static func round(_ multipliers: [Double], _ exponent: Int, _ table: ColumnTable) -> [Int64] {
        multipliers.enumerated().map { row, multiplier in
            let largest = Double(sign: .plus, exponent: largestBits(row, table), significand: 1)
            let scaled = Double(sign: .plus, exponent: exponent, significand: 1) * multiplier
            return scaled.isFinite ? Int64(min(scaled + 0.5, largest)) : Int64(largest)
        }
    }
}

/// The exact value of a Lagrangian over active columns, and of each column in its group's place.
struct LagrangianBound {
    let multipliers: IntegerMultipliers
    /// The scaled lower bound.
    private(set) var total: Int128
    /// The excess of each active column over the least of its group.
    private(set) var excess: [Int128]
    private let scale: Int128

    init(_ multipliers: IntegerMultipliers, _ table: ColumnTable, active: [Int]) {
        self.multipliers = multipliers
        scale = Int128(multipliers.scale)
        var least = [Int128](repeating: .max, count: table.groupCount)
        excess = [Int128](repeating: 0, count: active.count)
        for (index, column) in active.enumerated() {
            var sum = scale &* Int128(table.damage[column])
            for entry in table.start[column]..<table.start[column + 1] {
                sum &+= Int128(multipliers.weights[table.row[entry]]) &* Int128(table.amount[entry])
            }
            excess[index] = sum
            least[table.group[column]] = min(least[table.group[column]], sum)
        }
        for (index, column) in active.enumerated() {
            excess[index] &-= least[table.group[column]]
        }
        total = least.reduce(0) { $0 &+ $1 }
        for row in 0..<table.rowCount {
            total &-= Int128(multipliers.weights[row]) &* table.limit[row]
        }
    }

    /// The damage that no choice of the active columns goes below; nil when it says nothing about damage.
    var damage: Int128? {
        guard scale > 0 else { return nil }
        let quotient = total / scale
        return total > quotient * scale ? quotient + 1 : quotient
    }

    /// Whether no choice of the active columns keeps the limits with a damage below the cutoff.
    func closes(cutoff: Int128?) -> Bool {
        threshold(cutoff).map { total > $0 } ?? false
    }

    /// The active columns that a choice below the cutoff may use.
    func surviving(_ active: [Int], cutoff: Int128?) -> [Int] {
        guard let threshold = threshold(cutoff) else { return active }
        return zip(active, excess).filter { total &+ $0.1 <= threshold }.map(\.0)
    }

    private func threshold(_ cutoff: Int128?) -> Int128? {
        if scale == 0 { return 0 }
        return cutoff.map { scale * ($0 - 1) }
    }
}
