/// The tables of a choice problem as the solver reads them: undominated options as columns, limiting resources as rows.
final class ColumnTable: Sendable {
    /// First column of each group, and the number of columns at the end.
    let groupStart: [Int]
    /// The group of each column.
    let group: [Int]
    /// The original option of each column.
    let option: [Int]
    /// The options left out because this column is at least as good in everything.
    let followers: [[Int]]
    let damage: [Int64]
    /// The costs of column `j` are the entries `start[j]..<start[j + 1]`.
    let start: [Int]
    let row: [Int]
    let amount: [Int64]
    /// What each row stands for: the limiting resources first, then the cuts.
    let sources: [RowSource]
    /// What the chosen options may use of each row.
    let limit: [Int128]
    let scaled: ScaledColumns
    /// For each row, the groups with columns that touch it.
    let touchedGroups: [[TouchedGroup]]
    private let builder: ColumnTableBuilder

    var groupCount: Int { groupStart.count - 1 }
    var rowCount: Int { sources.count }
    var columnCount: Int { option.count }

    /// Keeps every option that fewer than `count` others of its group dominate: the `count` best choices need no other.
    ///
    /// The limits, one per budget, stand in for the problem's own.
    convenience init(_ problem: ChoiceProblem, limits: [Int128?], keepingBest count: Int) {
        var builder = ColumnTableBuilder(rows: LimitingRows(problem, limits: limits))
        for group in problem.groups {
            builder.append(group, count: count)
        }
        self.init(builder)
    }

    private init(_ builder: ColumnTableBuilder) {
        self.builder = builder
        groupStart = builder.groupStart
        group = builder.group
        option = builder.option
        followers = builder.followers
        damage = builder.damage
        start = builder.start
        row = builder.row
        amount = builder.amount
        sources = builder.sources
        limit = builder.limit
        scaled = ScaledColumns(builder)
        touchedGroups = builder.touchedGroups
    }

    /// The same table with rows for these cuts after those it has.
    func adding(_ cuts: [CoverCut]) -> ColumnTable {
        ColumnTable(builder.adding(cuts))
    }

    func columns(ofGroup group: Int) -> Range<Int> {
        groupStart[group]..<groupStart[group + 1]
    }

    /// The original choice behind one column per group.
    func choice(_ columns: [Int]) -> [Int] {
        columns.map { option[$0] }
    }

    func damage(of columns: [Int]) -> Int128 {
        columns.reduce(0) { $0 + Int128(damage[$1]) }
    }

    /// Usage above the limit of each row; feasible when none is positive.
    func excess(of columns: [Int]) -> [Int128] {
        var excess = limit.map { -$0 }
        for column in columns {
            for entry in start[column]..<start[column + 1] {
                excess[row[entry]] += Int128(amount[entry])
            }
        }
        return excess
    }
}

/// What a row of a table stands for.
enum RowSource: Sendable {
    case resource(Int)
    case cut(CoverCut)
}

/// The resources that some choice could exceed.
struct LimitingRows {
    let resource: [Int]
    let limit: [Int128]
    /// The row of each resource, or nil for a resource that every choice keeps.
    let rowOfResource: [Int?]

    init(_ problem: ChoiceProblem, limits budgetLimits: [Int128?]) {
        var largest = problem.resources.map { Int128($0.base) }
        for group in problem.groups {
            var peak: [Int: (amount: Int64, count: Int)] = [:]
            for option in group.options {
                for cost in option.costs {
                    let known = peak[cost.resource]
                    peak[cost.resource] = (max(known?.amount ?? cost.amount, cost.amount), (known?.count ?? 0) + 1)
                }
            }
            for (resource, entry) in peak {
                let isOptional = entry.count < group.options.count
                largest[resource] += Int128(isOptional ? max(0, entry.amount) : entry.amount)
            }
        }
        var resources: [Int] = []
        var limits: [Int128] = []
        var rows = [Int?](repeating: nil, count: problem.resources.count)
        for (index, resource) in problem.resources.enumerated() {
            guard let limit = budgetLimits[resource.budget], largest[index] > limit else { continue }
            rows[index] = resources.count
            resources.append(index)
            limits.append(limit - Int128(resource.base))
        }
        resource = resources
        limit = limits
        rowOfResource = rows
    }
}
