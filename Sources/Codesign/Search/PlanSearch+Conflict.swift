import Exploration

extension PlanSearch {
    /// Why the tables have no choice within the budgets.
    func conflict(of problem: ChoiceProblem, answer: ChoiceAnswer) -> Conflict {
        guard let analysis = InfeasibilityAnalysis().analyze(problem) else {
            return Conflict(
                quantities: request.budgets.map(\.quantity), relaxations: [],
                basis: "the solver's work limit was met before a choice or a proof that there is none was found")
        }
        let relaxations = analysis.relaxations.map { relaxation in
            let resource = OptionTables.Resource.allCases[relaxation.budget]
            return Conflict.Relaxation(
                quantity: resource.quantity, limit: limits[resource],
                least: relaxation.least.map { Int64(clamping: $0) }, isExact: relaxation.isExact)
        }
        return Conflict(
            quantities: analysis.conflict.map { OptionTables.Resource.allCases[$0].quantity },
            relaxations: relaxations,
            basis: "proved on the option tables, in which the costs of layers add up")
    }

    /// The tables have a choice, yet whole networks cost more than the sum and none was found within the budgets.
    func interaction(tables: OptionTables, best: [Int]) throws -> Conflict {
        let nearest = try whole(tables.candidate(best), choice: best)
        let exceeded = OptionTables.Resource.allCases.filter { resource in
            limits[resource].map { (nearest.amount(of: resource.quantity) ?? 0) > $0 } ?? false
        }
        let relaxations = exceeded.map { resource in
            Conflict.Relaxation(
                quantity: resource.quantity, limit: limits[resource], least: nearest.amount(of: resource.quantity),
                isExact: false)
        }
        var basis = "the tables have a choice, but no whole network within the budgets was found"
        if !nearest.shortages.isEmpty { basis += "; " + nearest.shortages.joined(separator: "; ") }
        return Conflict(quantities: exceeded.map(\.quantity), relaxations: relaxations, basis: basis)
    }
}
