import Exploration

extension PlanSearch {
    /// Why the tables have no choice within the budgets.
    func conflict(of problem: ChoiceProblem, tables: OptionTables, round: Int) throws -> Conflict {
        let conflicts = conflicts(in: problem)
        guard !conflicts.isEmpty else {
            return Conflict(
                quantities: request.budgets.map(\.quantity), relaxations: [],
                basis: "the solver's work limit was met before a choice or a proof that there is none was found")
        }
        let budgets = conflicts.flatMap(\.conflict)
        let relaxations = conflicts.flatMap { own in
            let others = budgets.filter { !own.conflict.contains($0) }
            let loosened = others.reduce(problem) { $0.withLimit(nil, ofBudget: $1) }
            let found =
                others.isEmpty
                ? own.relaxations
                : own.conflict.map { InfeasibilityAnalysis().leastLimit(ofBudget: $0, in: loosened) }
            return found.map { told($0, leavingOut: others, tables: tables) }
        }
        let place = round == 0 ? "the uncompressed network" : "the network nearest to the budgets"
        var basis = "proved on the option tables around \(place), in which the costs of layers add up"
        if conflicts.count > 1 {
            let groups = conflicts.map { $0.conflict.map { quantity($0).rawValue }.joined(separator: " with ") }
            basis +=
                "; \(conflicts.count) conflicts (\(groups.joined(separator: "; "))), each told without the others' budgets"
        }
        return Conflict(quantities: budgets.sorted().map(quantity), relaxations: relaxations, basis: basis)
    }

    private func quantity(_ budget: Int) -> BudgetedQuantity {
        OptionTables.Resource.allCases[budget].quantity
    }

    /// Minimal sets of budgets that cannot be kept together, no budget in two of them.
    private func conflicts(in problem: ChoiceProblem) -> [Infeasibility] {
        var conflicts: [Infeasibility] = []
        var rest = problem
        while let found = InfeasibilityAnalysis().analyze(rest), !found.conflict.isEmpty {
            conflicts.append(found)
            rest = found.conflict.reduce(rest) { $0.withLimit(nil, ofBudget: $1) }
        }
        return conflicts
    }

    private func told(
        _ relaxation: Relaxation, leavingOut others: [Int], tables: OptionTables
    ) -> Conflict.Relaxation {
        let resource = OptionTables.Resource.allCases[relaxation.budget]
        return Conflict.Relaxation(
            quantity: resource.quantity, limit: limits[resource],
            least: relaxation.least.map { Int64(clamping: $0) }, isExact: relaxation.isExact,
            achieved: achieved(relaxation, of: resource, leavingOut: others, tables: tables))
    }

    /// What the whole network of a relaxation's choice costs, where it keeps all other budgets.
    private func achieved(
        _ relaxation: Relaxation, of resource: OptionTables.Resource, leavingOut excluded: [Int], tables: OptionTables
    ) -> Int64? {
        guard let choice = relaxation.solution?.choice,
            let finalist = try? whole(tables.candidate(choice), choice: choice)
        else { return nil }
        let others = limits.filter { $0.key != resource && !excluded.contains($0.key.rawValue) }
        let keeps = others.allSatisfy { (finalist.amount(of: $0.key.quantity) ?? 0) <= $0.value }
        return keeps && finalist.shortages.isEmpty ? finalist.amount(of: resource.quantity) : nil
    }

    /// The tables have a choice, yet whole networks cost more than the sum and none was found within the budgets.
    func interaction(_ nearest: Finalist?) -> Conflict {
        guard let nearest else {
            return Conflict(
                quantities: limits.keys.map(\.quantity).sorted { $0.rawValue < $1.rawValue }, relaxations: [],
                basis: "the tables have a choice, but its options do not go together in one network")
        }
        let exceeded = OptionTables.Resource.allCases.filter { resource in
            limits[resource].map { (nearest.amount(of: resource.quantity) ?? 0) > $0 } ?? false
        }
        let relaxations = exceeded.map { resource in
            let amount = nearest.amount(of: resource.quantity)
            return Conflict.Relaxation(
                quantity: resource.quantity, limit: limits[resource], least: nil, isExact: false, achieved: amount)
        }
        var basis = "the tables have a choice, but no whole network within the budgets was found"
        if !nearest.shortages.isEmpty { basis += "; " + nearest.shortages.joined(separator: "; ") }
        return Conflict(quantities: exceeded.map(\.quantity), relaxations: relaxations, basis: basis)
    }
}
