import ExactArithmetic
import Exploration
import Foundation
import Testing

@Suite struct CertificateTests {
    /// Whether the certificate's claims hold of the problem, by enumeration.
    private func isTrue(_ certificate: Certificate, _ problem: ChoiceProblem) -> Bool {
        let damages = Enumeration(problem).damages
        if let choice = certificate.choice {
            guard problem.isFeasible(choice), problem.damage(of: choice) == certificate.damage else { return false }
        } else if certificate.damage != nil {
            return false
        }
        guard let bound = certificate.bound else { return damages.isEmpty }
        return damages.first.map { bound <= $0 } ?? true
    }

    @Test func survivesTheRoundTrip() throws {
        let problem = try LayeredProblem(seed: 3, groups: 12, options: 40, steps: 13).problem()
        let certificate = try #require(ExactSolver().solve(problem).certificate)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let data = try encoder.encode(certificate)
        #expect(try JSONDecoder().decode(Certificate.self, from: data) == certificate)
        let tables = try JSONDecoder().decode(ChoiceProblem.self, from: encoder.encode(problem))
        #expect(CertificateVerifier().verify(certificate, for: tables).valid)
    }

    @Test func keepsItsForm() throws {
        let node = Certificate.Node(
            steps: [.init(scale: 4, weights: [.init(resource: 1, weight: 3)])], split: .init(group: 2, left: [0]))
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let data = try encoder.encode(Certificate(choice: [0], damage: 7, bound: -6, cuts: [], nodes: [node]))
        let text = """
            {"bound":"-6","choice":[0],"cuts":[],"damage":"7","nodes":[{"split":{"group":2,"left":[0]},\
            "steps":[{"cutWeights":[],"scale":4,"weights":[{"resource":1,"weight":3}]}]}],"schemaVersion":1}
            """
        #expect(String(decoding: data, as: UTF8.self) == text)
    }

    @Test(arguments: ProblemKind.allCases)
    func passesNoFalseClaim(_ kind: ProblemKind) throws {
        var source = SplitMix64(state: 21)
        var refused = 0
        for _ in 0..<150 {
            let problem = try kind.problem(&source)
            let certificate = try #require(ExactSolver().solve(problem).certificate)
            for _ in 0..<20 {
                var mutation = Mutation(certificate: certificate, problem: problem)
                try mutation.apply(&source)
                let verification = CertificateVerifier().verify(mutation.certificate, for: mutation.problem)
                if verification.valid {
                    #expect(isTrue(mutation.certificate, mutation.problem), "\(mutation.name)")
                } else {
                    refused += 1
                }
            }
        }
        #expect(refused > 1000)
    }

    @Test func refusesHostileNumbers() throws {
        let problem = try LayeredProblem(seed: 4, groups: 12, options: 40, steps: 13).problem()
        let certificate = try #require(ExactSolver().solve(problem).certificate)
        let extremes = [Int.min, -1, 1 << 40, .max]
        for extreme in extremes {
            let weight = Int64(extreme)
            let all = problem.resources.indices.map { Certificate.Weight(resource: $0, weight: .max) }
            let nodes: [Certificate.Node] = [
                .init(steps: [], split: .init(group: extreme, left: [extreme])),
                .init(steps: [.init(scale: weight, weights: [.init(resource: extreme, weight: 1)])], split: nil),
                .init(steps: [.init(scale: 1, weights: [], cutWeights: [.init(cut: extreme, weight: 1)])], split: nil),
                .init(steps: [.init(scale: .max, weights: all + all)], split: nil),
            ]
            for node in nodes {
                var mutant = certificate
                mutant.nodes[0] = node
                #expect(!CertificateVerifier().verify(mutant, for: problem).valid)
            }
            for member in [Certificate.Member(group: extreme, options: [0]), .init(group: 0, options: [extreme])] {
                var mutant = certificate
                mutant.cuts.append(.init(resource: 0, atMost: 0, members: [member]))
                #expect(!CertificateVerifier().verify(mutant, for: problem).valid)
                mutant.cuts[mutant.cuts.count - 1].resource = extreme
                #expect(!CertificateVerifier().verify(mutant, for: problem).valid)
            }
            var mutant = certificate
            mutant.choice?[0] = extreme
            #expect(!CertificateVerifier().verify(mutant, for: problem).valid)
            mutant = certificate
            mutant.bound = .min
            mutant.damage = .max
            #expect(!CertificateVerifier().verify(mutant, for: problem).valid)
        }
    }

    @Test func passesNoFalseCut() throws {
        var source = SplitMix64(state: 22)
        var cuts = 0
        for _ in 0..<400 {
            let problem = try ProblemKind.conflicts.problem(&source)
            let certificate = try #require(ExactSolver().solve(problem).certificate)
            guard !certificate.cuts.isEmpty else { continue }
            cuts += certificate.cuts.count
            for _ in 0..<20 {
                var mutation = Mutation(certificate: certificate, problem: problem)
                mutation.changeCut(&source)
                let verification = CertificateVerifier().verify(mutation.certificate, for: problem)
                #expect(!verification.valid || isTrue(mutation.certificate, problem))
            }
        }
        #expect(cuts > 20)
    }

    @Test func refusesEveryTighterBoundAndBrokenTree() throws {
        let problem = try LayeredProblem(seed: 4, groups: 12, options: 40, steps: 13).problem()
        let certificate = try #require(ExactSolver().solve(problem).certificate)
        let verifier = CertificateVerifier()
        var mutant = certificate
        mutant.bound = certificate.bound.map { $0 + 1 }
        #expect(!verifier.verify(mutant, for: problem).valid)
        mutant = certificate
        mutant.nodes.removeLast()
        #expect(!verifier.verify(mutant, for: problem).valid)
        mutant = certificate
        mutant.nodes.append(.init(steps: [], split: nil))
        #expect(!verifier.verify(mutant, for: problem).valid)
        for group in problem.groups.indices {
            mutant = certificate
            mutant.choice?[group] += 1
            #expect(!verifier.verify(mutant, for: problem).valid)
        }
        #expect(!verifier.verify(certificate, for: problem.withLimit(0, ofBudget: 0)).valid)
    }

    @Test func claimsAnotherPlanWithItsGap() throws {
        let problem = try LayeredProblem(seed: 4, groups: 12, options: 40, steps: 13).problem()
        let answer = ExactSolver().best(5, of: problem)
        let certificate = try #require(answer.certificate)
        let other = try #require(answer.solutions.last)
        let claim = try #require(certificate.claiming(other.choice, of: problem))
        let verification = CertificateVerifier().verify(claim, for: problem)
        #expect(verification.valid)
        let bound = try #require(answer.bound)
        #expect(verification.absoluteGap == BigInteger(other.damage) - BigInteger(bound))
        #expect(certificate.claiming(problem.groups.map { _ in 0 }, of: problem) == nil)
    }
}

/// One random change of a certificate or of the tables it speaks of.
private struct Mutation {
    var certificate: Certificate
    var problem: ChoiceProblem
    var name = ""

    mutating func apply(_ source: inout SplitMix64) throws {
        switch Int.random(in: 0..<10, using: &source) {
        case 0:
            name = "bound"
            certificate.bound = (certificate.bound ?? 0) + Int128(Int.random(in: 1...3, using: &source))
        case 1:
            name = "no bound"
            certificate.bound = nil
            certificate.choice = nil
            certificate.damage = nil
        case 2:
            name = "plan"
            certificate.choice = problem.groups.map { Int.random(in: 0..<$0.options.count, using: &source) }
        case 3:
            name = "damage"
            certificate.damage = (certificate.damage ?? 0) - 1
        case 4:
            name = "budget"
            let budget = Int.random(in: 0..<problem.budgets.count, using: &source)
            let limit = problem.budgets[budget].limit ?? 10
            let change = Int64.random(in: -30...30, using: &source)
            problem = problem.withLimit(limit.addingReportingOverflow(change).partialValue, ofBudget: budget)
        case 5: try changeTables(&source)
        case 6 where !certificate.cuts.isEmpty: changeCut(&source)
        default: changeNode(&source)
        }
    }

    private mutating func changeTables(_ source: inout SplitMix64) throws {
        name = "tables"
        var groups = problem.groups
        let group = Int.random(in: 0..<groups.count, using: &source)
        let option = Int.random(in: 0..<groups[group].options.count, using: &source)
        if Bool.random(using: &source) || groups[group].options[option].costs.isEmpty {
            groups[group].options[option].damage /= 2
            groups[group].options[option].damage -= 1
        } else {
            groups[group].options[option].costs[0].amount /= 2
        }
        problem = try ChoiceProblem(budgets: problem.budgets, resources: problem.resources, groups: groups)
    }

    mutating func changeCut(_ source: inout SplitMix64) {
        name = "cut"
        let index = Int.random(in: 0..<certificate.cuts.count, using: &source)
        let member = Int.random(in: 0..<certificate.cuts[index].members.count, using: &source)
        switch Int.random(in: 0..<4, using: &source) {
        case 0: certificate.cuts[index].atMost -= 1
        case 1:
            let group = certificate.cuts[index].members[member].group
            certificate.cuts[index].members[member].options = Array(problem.groups[group].options.indices)
        case 2: certificate.cuts[index].resource = Int.random(in: 0..<problem.resources.count, using: &source)
        default: certificate.cuts[index].members.append(certificate.cuts[index].members[member])
        }
        certificate.bound = certificate.bound.map { $0 + Int128(Int.random(in: 0...1, using: &source)) }
    }

    private mutating func changeNode(_ source: inout SplitMix64) {
        let index = Int.random(in: 0..<certificate.nodes.count, using: &source)
        let resource = Int.random(in: 0..<(problem.resources.count + 1), using: &source)
        let change = Int64.random(in: -5...5, using: &source)
        switch Int.random(in: 0..<6, using: &source) {
        case 0:
            name = "split dropped"
            certificate.nodes[index].split = nil
        case 1:
            name = "split changed"
            certificate.nodes[index].split?.left.removeFirst()
        case 2:
            name = "weight"
            certificate.nodes[index].steps.append(
                .init(scale: 0, weights: [.init(resource: resource, weight: change)]))
        case 3:
            name = "scale"
            guard !certificate.nodes[index].steps.isEmpty else { return }
            certificate.nodes[index].steps[0].scale = change
        case 4:
            name = "huge"
            certificate.nodes[index].steps.append(
                .init(scale: .max, weights: [.init(resource: resource, weight: .max)]))
        default:
            name = "node removed, bound raised"
            certificate.nodes.remove(at: index)
            certificate.bound = certificate.bound.map { $0 + 1 }
        }
    }
}
