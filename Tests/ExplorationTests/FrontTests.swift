import ExactArithmetic
import Exploration
import Testing

@Suite struct FrontTests {
    private func points(_ count: Int, _ dimension: Int, _ source: inout SplitMix64) -> [[Int64]] {
        (0..<count).map { _ in (0..<dimension).map { _ in Int64.random(in: 0...6, using: &source) } }
    }

    @Test(arguments: 1...4)
    func keepsTheUndominated(_ dimension: Int) {
        var source = SplitMix64(state: 41)
        for _ in 0..<200 {
            let all = points(12, dimension, &source)
            var front = ParetoFront<Int64, Int>()
            for (index, point) in all.enumerated() { front.insert(point, index) }
            func beats(_ left: [Int64], _ right: [Int64]) -> Bool {
                left != right && zip(left, right).allSatisfy { $0 <= $1 }
            }
            let expected = Set(all.filter { point in !all.contains { beats($0, point) } })
            #expect(Set(front.points.map(\.objectives)) == expected)
            #expect(front.points.count == expected.count)
            #expect(front.points.map(\.objectives).elementsEqual(expected.sorted { $0.lexicographicallyPrecedes($1) }))
            #expect(front.points.allSatisfy { all.firstIndex(of: $0.objectives) == $0.payload })
        }
    }

    @Test(arguments: 1...4)
    func measuresTheUnionOfBoxes(_ dimension: Int) {
        var source = SplitMix64(state: 42)
        for _ in 0..<60 {
            let all = points(6, dimension, &source)
            let reference = [Int64](repeating: 5, count: dimension)
            var cells = [[Int64]()]
            for _ in 0..<dimension { cells = cells.flatMap { cell in (0..<5).map { cell + [Int64($0)] } } }
            let covered = cells.count { cell in all.contains { zip($0, cell).allSatisfy { $0 <= $1 } } }
            #expect(Hypervolume.exact(all, reference: reference) == BigInteger(covered))
            let thirds = all.map { $0.compactMap { Rational(numerator: BigInteger($0), denominator: 3) } }
            let bound = reference.compactMap { Rational(numerator: BigInteger($0), denominator: 3) }
            let scale = BigInteger(3).raised(to: dimension)
            #expect(
                Hypervolume.exact(thirds, reference: bound)
                    == Rational(numerator: BigInteger(covered), denominator: scale))
        }
    }

    @Test func measuresExtremesWithoutOverflow() {
        let volume = Hypervolume.exact([[.min, .min, .min, .min]], reference: [.max, .max, .max, .max])
        #expect(volume == BigInteger(UInt64.max).raised(to: 4))
        #expect(Hypervolume.exact([], reference: [1, 2]) == .zero)
    }

    @Test func tradesDamageAgainstABudget() throws {
        var source = SplitMix64(state: 43)
        for _ in 0..<40 {
            let problem = try ProblemKind.families.problem(&source)
            let budget = problem.budgets.count - 1
            let front = ExactSolver().front(of: problem, overBudget: budget, points: 60)
            var expected = ParetoFront<Int128, Int>()
            let free = problem.withLimit(nil, ofBudget: budget)
            for choice in Enumeration(problem).choices where free.isFeasible(choice) {
                let usage = try #require(free.usageByBudget(of: choice)?[budget])
                expected.insert([usage, try #require(free.damage(of: choice))], 0)
            }
            let found = try front.map { [try #require(free.usageByBudget(of: $0.choice)?[budget]), $0.damage] }
            #expect(Set(found).isSubset(of: Set(expected.points.map(\.objectives))))
            #expect(found.first?[1] == nil || found.last == expected.points.last?.objectives)
            #expect(found.first?[0] == expected.points.first?.objectives[0])
        }
    }
}
