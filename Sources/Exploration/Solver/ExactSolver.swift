public import ExactArithmetic

/// How much an answer says.
public enum SolveStatus: String, Sendable, Hashable, Codable {
    /// The solution is the best there is, with a proof.
    case optimal
    /// The solution keeps the budgets; a limit was met before a proof.
    case feasible
    /// No choice keeps the budgets, with a proof.
    case infeasible
    /// The node limit was met before any solution or proof.
    case undecided
}

/// A choice of one option per group, and its summed damage.
public struct ChoiceSolution: Sendable, Hashable {
    /// The option of each group.
    public let choice: [Int]
    /// The summed damage.
    public let damage: Int128

    /// Makes a solution.
    public init(choice: [Int], damage: Int128) {
        self.choice = choice
        self.damage = damage
    }
}

/// The best choice found, and what is proved about all others.
public struct ChoiceAnswer: Sendable, Hashable {
    /// How much the answer says.
    public let status: SolveStatus
    /// The best choice found that keeps the budgets.
    public let solution: ChoiceSolution?
    /// A damage that no choice within the budgets goes below; nil when infeasible or unknown.
    public let bound: Int128?
    /// The proof, for an independent check; nil while undecided without a bound.
    public let certificate: Certificate?
    /// The parts of the space that were bounded.
    public let nodes: Int

    /// How far the solution can be from the best, relative to the bound's magnitude; nil when that is not known.
    public var gap: Rational? {
        guard let damage = solution?.damage, let bound else { return nil }
        if damage == bound { return .zero }
        return Rational(numerator: BigInteger(damage) - BigInteger(bound), denominator: BigInteger(bound).magnitude)
    }
}

/// The best choices found, best first, and what is proved about the rest.
public struct RankedAnswer: Sendable, Hashable {
    /// `optimal` when the list is exactly the best choices; shorter than asked when there are no more.
    public let status: SolveStatus
    /// The choices in order of damage and then of the choice itself.
    public let solutions: [ChoiceSolution]
    /// A damage that no choice within the budgets goes below; nil when infeasible or unknown.
    public let bound: Int128?
    /// The proof of the bound, with the first of the choices; nil while undecided without a bound.
    public let certificate: Certificate?
    /// The parts of the space that were bounded.
    public let nodes: Int
}

/// Finds the best choices of a problem by branch and bound, with a certificate.
///
/// Deterministic: the limits count work, not time. Relaxations run in floating point, and every decision
/// that a proof rests on is taken in exact integers.
public struct ExactSolver: Sendable, Hashable {
    /// The most parts of the space to bound before giving the best answer so far; at least 1.
    public var nodeLimit: Int
    /// The most elementary operations, counted rather than timed; a thousand million take about two seconds.
    public var workLimit: Int

    /// Makes a solver with limits on its work, whichever is met first.
    public init(nodeLimit: Int = 50_000, workLimit: Int = 1_000_000_000) {
        self.nodeLimit = max(1, nodeLimit)
        self.workLimit = max(1, workLimit)
    }

    /// Finds a choice of least damage within the budgets.
    public func solve(_ problem: ChoiceProblem) -> ChoiceAnswer {
        let ranked = best(1, of: problem)
        return ChoiceAnswer(
            status: ranked.status, solution: ranked.solutions.first, bound: ranked.bound,
            certificate: ranked.certificate, nodes: ranked.nodes)
    }

    /// Finds the `count` choices of least damage within the budgets; among equal damages any may be left out.
    public func best(_ count: Int, of problem: ChoiceProblem) -> RankedAnswer {
        let search = search(problem, keepingBest: max(1, count))
        let solutions = search.incumbents.entries.map {
            ChoiceSolution(choice: search.table.choice($0.columns), damage: $0.damage)
        }
        let status: SolveStatus =
            switch (search.isComplete, solutions.isEmpty) {
            case (true, true): .infeasible
            case (true, false): .optimal
            case (false, true): .undecided
            case (false, false): .feasible
            }
        let bound = search.bound
        let hasProof = bound != nil || status == .infeasible
        return RankedAnswer(
            status: status, solutions: solutions, bound: bound,
            certificate: hasProof ? Certificate(search, solution: solutions.first, bound: bound) : nil,
            nodes: search.processed)
    }

    private func search(_ problem: ChoiceProblem, keepingBest count: Int) -> BranchAndBound {
        let table = ColumnTable(problem, limits: problem.limits, keepingBest: count)
        var search = BranchAndBound(table, keepingBest: count, limits: SearchLimits(nodes: nodeLimit, work: workLimit))
        search.run()
        return search
    }
}

extension ChoiceSolution: Codable {
    private enum CodingKeys: String, CodingKey {
        case choice, damage
    }

    /// Reads the choice and the damage as a decimal string.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        choice = try container.decode([Int].self, forKey: .choice)
        guard let damage = Int128(try container.decode(String.self, forKey: .damage)) else {
            throw DecodingError.dataCorruptedError(
                forKey: .damage, in: container, debugDescription: "not a decimal integer of 128 bits")
        }
        self.damage = damage
    }

    /// Writes the choice and the damage as a decimal string.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(choice, forKey: .choice)
        try container.encode(damage.description, forKey: .damage)
    }
}
