extension ChoiceProblem {
    /// Whether the choice names one existing option per group.
    public func fits(_ choice: [Int]) -> Bool {
        choice.count == groups.count && zip(choice, groups).allSatisfy { $1.options.indices.contains($0) }
    }

    /// The summed damage of a choice; nil when the choice does not fit the groups.
    public func damage(of choice: [Int]) -> Int128? {
        guard fits(choice) else { return nil }
        return zip(choice, groups).reduce(0) { $0 + Int128($1.1.options[$1.0].damage) }
    }

    /// The usage of every resource; nil when the choice does not fit the groups.
    public func usage(of choice: [Int]) -> [Int128]? {
        guard fits(choice) else { return nil }
        var usage = resources.map { Int128($0.base) }
        for (option, group) in zip(choice, groups) {
            for cost in group.options[option].costs {
                usage[cost.resource] += Int128(cost.amount)
            }
        }
        return usage
    }

    /// The largest usage in each budget's family; nil for a budget without resources or a choice that does not fit.
    public func usageByBudget(of choice: [Int]) -> [Int128?]? {
        guard let usage = usage(of: choice) else { return nil }
        var largest = [Int128?](repeating: nil, count: budgets.count)
        for (resource, amount) in zip(resources, usage) {
            largest[resource.budget] = max(largest[resource.budget] ?? amount, amount)
        }
        return largest
    }

    /// Whether the choice fits the groups and keeps every budget.
    public func isFeasible(_ choice: [Int]) -> Bool {
        guard let usage = usage(of: choice) else { return false }
        return zip(resources, usage).allSatisfy { resource, amount in
            budgets[resource.budget].limit.map { amount <= Int128($0) } ?? true
        }
    }

    /// The same problem with another limit of one budget.
    public func withLimit(_ limit: Int64?, ofBudget budget: Int) -> ChoiceProblem {
        var problem = self
        problem.budgets[budget].limit = limit
        return problem
    }

    /// The same budgets, with the summed cost of one resource (without its base) to be minimised instead of damage.
    public func minimizing(resource: Int) -> ChoiceProblem {
        var problem = self
        for group in groups.indices {
            for option in groups[group].options.indices {
                let costs = groups[group].options[option].costs
                problem.groups[group].options[option].damage = costs.first { $0.resource == resource }?.amount ?? 0
            }
        }
        return problem
    }

    /// The limit of every budget, nil where unlimited.
    var limits: [Int128?] { budgets.map { budget in budget.limit.map { Int128($0) } } }
}
