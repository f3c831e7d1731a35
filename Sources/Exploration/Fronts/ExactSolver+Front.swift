extension ExactSolver {
    /// The trade of damage against one budget, the others held: the best choice at evenly spaced limits.
    ///
    /// The limits run from the least at which the problem is feasible to the usage of the best choice without this
    /// budget. Choices that another one beats in both are left out; order of rising usage.
    public func front(of problem: ChoiceProblem, overBudget budget: Int, points: Int) -> [ChoiceSolution] {
        let free = problem.withLimit(nil, ofBudget: budget)
        let analysis = InfeasibilityAnalysis(nodeLimit: nodeLimit, workLimit: workLimit)
        guard let loose = solve(free).solution, let usage = problem.usageByBudget(of: loose.choice)?[budget],
            let least = analysis.leastLimit(ofBudget: budget, in: problem).least
        else { return [] }
        var front = ParetoFront<Int128, ChoiceSolution>()
        front.insert([usage, loose.damage], loose)
        let steps = Int128(max(1, points - 1))
        for index in 0..<steps {
            guard let limit = Int64(exactly: least + (max(usage, least) - least) * index / steps),
                let solution = solve(problem.withLimit(limit, ofBudget: budget)).solution,
                let usage = problem.usageByBudget(of: solution.choice)?[budget]
            else { continue }
            front.insert([usage, solution.damage], solution)
        }
        return front.points.map(\.payload)
    }
}
