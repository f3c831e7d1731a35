import Exploration
import Testing

@Suite struct InfeasibilityTests {
    @Test(arguments: ProblemKind.allCases)
    func agreesWithEnumeration(_ kind: ProblemKind) throws {
        var source = SplitMix64(state: 31)
        var explained = 0
        for _ in 0..<300 {
            let problem = try kind.problem(&source)
            let enumeration = Enumeration(problem)
            let infeasibility = InfeasibilityAnalysis().analyze(problem)
            #expect((infeasibility == nil) == !enumeration.damages.isEmpty)
            guard let infeasibility else { continue }
            explained += 1
            let conflict = Set(infeasibility.conflict)
            #expect(infeasibility.isMinimal)
            #expect(!enumeration.isFeasible(keeping: conflict))
            for budget in conflict {
                #expect(enumeration.isFeasible(keeping: conflict.subtracting([budget])))
            }
            for relaxation in infeasibility.relaxations {
                #expect(relaxation.isExact)
                #expect(relaxation.least == enumeration.leastLimit(of: relaxation.budget))
            }
            #expect(conflict.isSubset(of: infeasibility.relaxations.map(\.budget)))
        }
        #expect(explained > 20)
    }

    @Test func relaxesTheMemoryOfALayeredProblem() throws {
        let problem = try LayeredProblem(seed: 8, groups: 20, options: 40, steps: 21).problem().withLimit(
            9000, ofBudget: 3)
        let infeasibility = try #require(InfeasibilityAnalysis().analyze(problem))
        #expect(infeasibility.conflict == [3])
        let relaxation = try #require(infeasibility.relaxations.first { $0.budget == 3 })
        let least = try #require(relaxation.least.flatMap(Int64.init(exactly:)))
        #expect(relaxation.isExact)
        #expect(ExactSolver().solve(problem.withLimit(least, ofBudget: 3)).status == .optimal)
        #expect(ExactSolver().solve(problem.withLimit(least - 1, ofBudget: 3)).status == .infeasible)
        #expect(infeasibility.relaxations.filter { $0.budget != 3 }.allSatisfy { $0.least == nil && $0.isExact })
    }
}
