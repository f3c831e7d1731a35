import Exploration

extension PlanSearch {
    /// Why the tables have no choice within the budgets.
    func conflict(of problem: ChoiceProblem, tables: OptionTables, round: Int) throws -> Conflict {
        guard let analysis = InfeasibilityAnalysis().analyze(problem) else {
            return Conflict(
                quantities: request.budgets.map(\.quantity), relaxations: [],
                basis: "the solver's work limit was met before a choice or a proof that there is none was found")
        }
        let relaxations = try analysis.relaxations.map { relaxation in
            let resource = OptionTables.Resource.allCases[relaxation.budget]
            return Conflict.Relaxation(
                quantity: resource.quantity, limit: limits[resource],
                least: relaxation.least.map { Int64(clamping: $0) }, isExact: relaxation.isExact,
                achieved: try achieved(relaxation, of: resource, tables: tables))
        }
        let place = round == 0 ? "the uncompressed network" : "the network nearest to the budgets"
        return Conflict(
            quantities: analysis.conflict.map { OptionTables.Resource.allCases[$0].quantity },
            relaxations: relaxations,
            basis: "proved on the option tables around \(place), in which the costs of layers add up")
    }

    /// What the whole network of a relaxation's choice costs, where it keeps all other budgets.
    private func achieved(
        _ relaxation: Relaxation, of resource: OptionTables.Resource, tables: OptionTables
    ) throws -> Int64? {
        guard let choice = relaxation.solution?.choice,
            let finalist = try? whole(tables.candidate(choice), choice: choice)
        else { return nil }
        let others = limits.filter { $0.key != resource }
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
