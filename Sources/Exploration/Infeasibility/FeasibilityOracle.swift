/// Answers whether some choice keeps given limits, and how small one resource can be under them.
struct FeasibilityOracle {
    enum Answer {
        case feasible([Int])
        case infeasible
        case undecided
    }

    /// The least of a quantity with a choice that reaches it.
    struct Least {
        let value: Int128
        let choice: [Int]
        let isExact: Bool
    }

    let problem: ChoiceProblem
    let searchLimits: SearchLimits

    /// Looks for any choice within the limits, one per budget.
    func choice(within limits: [Int128?]) -> Answer {
        let table = ColumnTable(problem, limits: limits, keepingBest: 1)
        var search = BranchAndBound(table, keepingBest: 1, limits: searchLimits, goal: .anyFeasible)
        search.run()
        if let entry = search.incumbents.entries.first { return .feasible(table.choice(entry.columns)) }
        return search.isComplete ? .infeasible : .undecided
    }

    /// The choice within the limits that uses least of a resource; nil when none was found.
    func least(resource: Int, within limits: [Int128?]) -> Least? {
        let table = ColumnTable(problem.minimizing(resource: resource), limits: limits, keepingBest: 1)
        var search = BranchAndBound(table, keepingBest: 1, limits: searchLimits)
        search.run()
        guard let entry = search.incumbents.entries.first else { return nil }
        let usage = entry.damage + Int128(problem.resources[resource].base)
        return Least(value: usage, choice: table.choice(entry.columns), isExact: search.isComplete)
    }
}
