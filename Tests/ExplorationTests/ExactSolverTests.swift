import ExactArithmetic
import Exploration
import Testing

@Suite struct ExactSolverTests {
    @Test(arguments: ProblemKind.allCases)
    func agreesWithEnumeration(_ kind: ProblemKind) throws {
        var source = SplitMix64(state: 11)
        for _ in 0..<400 {
            let problem = try kind.problem(&source)
            let damages = Enumeration(problem).damages
            let answer = ExactSolver().solve(problem)
            #expect(answer.status == (damages.isEmpty ? .infeasible : .optimal))
            #expect(answer.solution?.damage == damages.first)
            #expect(answer.bound == damages.first)
            if let solution = answer.solution {
                #expect(problem.isFeasible(solution.choice))
                #expect(problem.damage(of: solution.choice) == solution.damage)
            }
            let certificate = try #require(answer.certificate)
            let verification = CertificateVerifier().verify(certificate, for: problem)
            #expect(verification.valid, "\(verification.reason ?? "")")
        }
    }

    @Test(arguments: ProblemKind.allCases)
    func ranksTheBest(_ kind: ProblemKind) throws {
        var source = SplitMix64(state: 12)
        for count in [1, 2, 5, 20] {
            for _ in 0..<60 {
                let problem = try kind.problem(&source)
                let damages = Enumeration(problem).damages
                let answer = ExactSolver().best(count, of: problem)
                #expect(answer.solutions.map(\.damage) == Array(damages.prefix(count)))
                #expect(Set(answer.solutions.map(\.choice)).count == answer.solutions.count)
                #expect(answer.solutions.allSatisfy { problem.isFeasible($0.choice) })
                let certificate = try #require(answer.certificate)
                #expect(CertificateVerifier().verify(certificate, for: problem).valid)
            }
        }
    }

    @Test(arguments: ProblemKind.allCases)
    func staysHonestAtTheNodeLimit(_ kind: ProblemKind) throws {
        var source = SplitMix64(state: 13)
        for limit in [1, 2, 3, 5] {
            for _ in 0..<50 {
                let problem = try kind.problem(&source)
                let damages = Enumeration(problem).damages
                let answer = ExactSolver(nodeLimit: limit).best(3, of: problem)
                #expect(answer.nodes <= limit)
                switch answer.status {
                case .optimal: #expect(answer.solutions.map(\.damage) == Array(damages.prefix(3)))
                case .infeasible: #expect(damages.isEmpty)
                case .feasible: #expect(answer.solutions.allSatisfy { problem.isFeasible($0.choice) })
                case .undecided: #expect(answer.solutions.isEmpty)
                }
                if let bound = answer.bound, let least = damages.first { #expect(bound <= least) }
                if let certificate = answer.certificate {
                    let verification = CertificateVerifier().verify(certificate, for: problem)
                    #expect(verification.valid, "\(verification.reason ?? "")")
                }
            }
        }
    }

    @Test func solvesALayeredProblemTwiceTheSame() throws {
        let problem = try LayeredProblem(seed: 5, groups: 30, options: 40, steps: 31).problem()
        let first = ExactSolver().solve(problem)
        #expect(first.status == .optimal)
        #expect(first == ExactSolver().solve(problem))
        let verification = CertificateVerifier().verify(try #require(first.certificate), for: problem)
        #expect(verification.valid)
        #expect(verification.gap == .zero)
    }

    @Test func ranksALayeredProblem() throws {
        let problem = try LayeredProblem(seed: 6, groups: 30, options: 40, steps: 31).problem()
        let answer = ExactSolver().best(10, of: problem)
        #expect(answer.status == .optimal)
        #expect(answer.solutions.count == 10)
        #expect(answer.solutions.first?.damage == ExactSolver().solve(problem).solution?.damage)
        #expect(zip(answer.solutions, answer.solutions.dropFirst()).allSatisfy { $0.damage <= $1.damage })
    }

    @Test func solvesTheEmptyProblem() throws {
        let problem = try ChoiceProblem(
            budgets: [.init(name: "bytes", limit: 3)], resources: [.init(name: "bytes", budget: 0, base: 4)], groups: []
        )
        #expect(ExactSolver().solve(problem).status == .infeasible)
        #expect(ExactSolver().solve(problem.withLimit(4, ofBudget: 0)).solution?.choice == [])
    }

    @Test func refusesInconsistentTables() {
        let option = ChoiceProblem.Option(
            damage: 0, costs: [.init(resource: 0, amount: 1), .init(resource: 0, amount: 1)])
        #expect(throws: ChoiceProblemError.invalidCost(group: 0, option: 0, resource: 0)) {
            try ChoiceProblem(
                budgets: [.init(name: "b", limit: 1)], resources: [.init(name: "r", budget: 0)],
                groups: [.init(name: "g", options: [option])])
        }
        #expect(throws: ChoiceProblemError.emptyGroup(group: 0)) {
            try ChoiceProblem(budgets: [], resources: [], groups: [.init(name: "g", options: [])])
        }
        #expect(throws: ChoiceProblemError.unknownBudget(resource: 0)) {
            try ChoiceProblem(budgets: [], resources: [.init(name: "r", budget: 0)], groups: [])
        }
    }

    @Test func countsTheSpaceExactly() throws {
        let problem = try LayeredProblem(seed: 1, groups: 54, options: 150, steps: 0).problem()
        #expect(problem.spaceSize == BigInteger(150).raised(to: 54))
    }
}
