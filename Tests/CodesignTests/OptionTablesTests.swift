import Codesign
import Exploration
import Testing

@Suite struct OptionTablesTests {
    private static func option(_ bits: Int, _ damage: Int64, _ costs: [Int64], live: [Int64]) -> OptionTables.Option {
        OptionTables.Option(
            choice: LayerChoice(weightBits: bits, activationBits: 8), damage: damage,
            cost: CostVector(cycles: costs[0], femtojoules: costs[1], flashBytes: costs[2], liveBytes: live))
    }

    private let tables = OptionTables(
        baseline: CostVector(cycles: 1000, femtojoules: 500, flashBytes: 200, liveBytes: [64, 96]), damage: 7,
        layers: [
            OptionTables.Layer(
                name: "first",
                options: [
                    option(8, 0, [0, 0, 0], live: [0, 0]), option(4, 30, [-100, -50, -40], live: [-16, 0]),
                    option(2, 40, [-90, -50, -40], live: [-16, 0]),
                ]),
            OptionTables.Layer(
                name: "second",
                options: [
                    option(8, 0, [0, 0, 0], live: [0, 0]), option(4, 5, [20, -10, -60], live: [0, -40]),
                    option(4, 5, [20, -10, -60], live: [0, -40]),
                ]),
        ])

    @Test func sumsStartFromTheBaseline() throws {
        let problem = try tables.problem(limits: [.latency: 950, .ram: 70])
        #expect(problem.damage(of: [0, 0]) == 7)
        #expect(problem.damage(of: [1, 1]) == 42)
        #expect(problem.usage(of: [1, 1]) == [920, 440, 100, 48, 56])
        #expect(problem.usageByBudget(of: [1, 1]) == [920, 440, 100, 56])
        #expect(problem.usageByBudget(of: [0, 1]) == [1020, 490, 140, 64])
        #expect(problem.budgets.map(\.name) == ["latency", "energy", "flash", "ram"])
        #expect(problem.budgets.map(\.limit) == [950, nil, nil, 70])
    }

    @Test func everyStepOfMemoryKeepsTheBudget() throws {
        let problem = try tables.problem(limits: [.latency: 950, .ram: 70])
        #expect(!problem.isFeasible([0, 0]) && !problem.isFeasible([1, 0]) && !problem.isFeasible([0, 1]))
        let answer = ExactSolver().solve(problem)
        #expect(answer.solution?.choice == [1, 1])
        let impossible = try tables.problem(limits: [.ram: 47])
        #expect(ExactSolver().solve(impossible).status == .infeasible)
    }

    @Test func theMenuKeepsTheFirstOfEqualOptionsAndDropsWorseOnes() {
        #expect(tables.undominatedMenu.map { $0.map(\.weightBits) } == [[8, 4], [8, 4]])
    }
}
