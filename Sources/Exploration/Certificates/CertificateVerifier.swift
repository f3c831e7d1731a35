public import ExactArithmetic

/// What an independent check of a certificate found.
public struct Verification: Sendable, Hashable {
    /// Whether every claim holds.
    public let valid: Bool
    /// Why not, when it does not.
    public let reason: String?
    /// The plan's damage above the bound; nil without a valid claim about a plan.
    public let absoluteGap: BigInteger?
    /// The same, relative to the bound's magnitude: 0 at the bound, nil for a gap above a bound of zero.
    public let gap: Rational?
}

/// Derives a certificate's bound again from the tables alone.
///
/// It shares no code with the solver and works in 128-bit integers in which every overflow is a refusal.
public struct CertificateVerifier: Sendable {
    /// Makes a verifier.
    public init() {}

    /// Checks the plan, its damage, the tree and the bound against the tables.
    public func verify(_ certificate: Certificate, for problem: ChoiceProblem) -> Verification {
        do throws(Refusal) {
            try verifyPlan(certificate, problem)
            let relations = try relations(certificate, problem)
            try verifyTree(certificate, problem, relations)
        } catch {
            return Verification(valid: false, reason: error.reason, absoluteGap: nil, gap: nil)
        }
        guard let damage = certificate.damage, let bound = certificate.bound else {
            return Verification(valid: true, reason: nil, absoluteGap: nil, gap: nil)
        }
        let excess = BigInteger(damage) - BigInteger(bound)
        let gap = excess.isZero ? .zero : Rational(numerator: excess, denominator: BigInteger(bound).magnitude)
        return Verification(valid: true, reason: nil, absoluteGap: excess, gap: gap)
    }

    private struct Refusal: Error {
        let reason: String
    }

    // MARK: The plan

    private func verifyPlan(_ certificate: Certificate, _ problem: ChoiceProblem) throws(Refusal) {
        guard let choice = certificate.choice else {
            guard certificate.damage == nil else { throw Refusal(reason: "a damage without a plan") }
            return
        }
        guard let damage = certificate.damage else { throw Refusal(reason: "a plan without its damage") }
        guard let bound = certificate.bound else { throw Refusal(reason: "a plan for a problem claimed infeasible") }
        guard choice.count == problem.groups.count else { throw Refusal(reason: "the plan has another group count") }
        var total: Int128 = 0
        var usage = problem.resources.map { Int128($0.base) }
        for (index, group) in problem.groups.enumerated() {
            guard choice[index] >= 0, choice[index] < group.options.count else {
                throw Refusal(reason: "the plan names an option that group \(index) does not have")
            }
            let option = group.options[choice[index]]
            total += Int128(option.damage)
            for cost in option.costs { usage[cost.resource] += Int128(cost.amount) }
        }
        for (index, resource) in problem.resources.enumerated() {
            if let limit = problem.budgets[resource.budget].limit, usage[index] > Int128(limit) {
                throw Refusal(reason: "the plan exceeds the budget of resource \(index)")
            }
        }
        guard total == damage else { throw Refusal(reason: "the plan's damage is \(total), not \(damage)") }
        guard bound <= damage else { throw Refusal(reason: "the bound is above the plan's damage") }
    }

    // MARK: The cuts

    /// The limits, then the cuts, as sums that every choice within the budgets keeps.
    private struct Relations {
        /// What is left of each limit; nil for a resource without one.
        var limit: [Int128?]
        /// The cuts of each option, by group.
        var cuts: [[[Int]]]
        var cutCount = 0
    }

    private func relations(_ certificate: Certificate, _ problem: ChoiceProblem) throws(Refusal) -> Relations {
        let limits: [Int128?] = problem.resources.map { resource in
            problem.budgets[resource.budget].limit.map { Int128($0) - Int128(resource.base) }
        }
        let none = problem.groups.map { [[Int]](repeating: [], count: $0.options.count) }
        var relations = Relations(limit: limits, cuts: none)
        for (index, cut) in certificate.cuts.enumerated() {
            try verifyCut(cut, index, problem)
            relations.limit.append(Int128(cut.atMost))
            relations.cutCount += 1
            for member in cut.members {
                for option in Set(member.options) { relations.cuts[member.group][option].append(index) }
            }
        }
        return relations
    }

    /// Checks that the least excesses of any `atMost + 1` members are together above what the limit leaves.
    private func verifyCut(_ cut: Certificate.Cut, _ index: Int, _ problem: ChoiceProblem) throws(Refusal) {
        guard problem.resources.indices.contains(cut.resource), cut.atMost >= 0,
            let limit = problem.budgets[problem.resources[cut.resource].budget].limit,
            Set(cut.members.map(\.group)).count == cut.members.count,
            cut.members.allSatisfy({ problem.groups.indices.contains($0.group) && !$0.options.isEmpty })
        else { throw Refusal(reason: "cut \(index) is malformed") }
        func amount(_ option: ChoiceProblem.Option) -> Int128 {
            Int128(option.costs.first { $0.resource == cut.resource }?.amount ?? 0)
        }
        let least = problem.groups.map { $0.options.map(amount).min() ?? 0 }
        let spare = least.reduce(Int128(limit) - Int128(problem.resources[cut.resource].base), -)
        var excesses: [Int128] = []
        for member in cut.members {
            let options = problem.groups[member.group].options
            guard member.options.allSatisfy(options.indices.contains) else {
                throw Refusal(reason: "cut \(index) names an option that is not there")
            }
            excesses.append((member.options.map { amount(options[$0]) }.min() ?? 0) - least[member.group])
        }
        guard cut.atMost < excesses.count else { return }
        guard excesses.sorted().prefix(cut.atMost + 1).reduce(0, +) > spare else {
            throw Refusal(reason: "cut \(index) does not follow from its resource's limit")
        }
    }

    // MARK: The tree

    private func verifyTree(
        _ certificate: Certificate, _ problem: ChoiceProblem, _ relations: Relations
    ) throws(Refusal) {
        var pending = [problem.groups.map { Array($0.options.indices) }]
        for (index, node) in certificate.nodes.enumerated() {
            guard var admitted = pending.popLast() else { throw Refusal(reason: "node \(index) hangs on no split") }
            var isClosed = admitted.contains(where: \.isEmpty)
            for step in node.steps where !isClosed {
                let weights = try weights(of: step, index, relations)
                isClosed = try reduce(&admitted, step.scale, weights, certificate.bound, problem, relations)
            }
            guard let split = node.split else {
                guard isClosed else { throw Refusal(reason: "leaf \(index) does not reach the bound") }
                continue
            }
            guard admitted.indices.contains(split.group) else {
                throw Refusal(reason: "node \(index) splits a group that is not there")
            }
            let chosen = Set(split.left)
            var left = admitted
            left[split.group] = admitted[split.group].filter { chosen.contains($0) }
            admitted[split.group].removeAll { chosen.contains($0) }
            pending.append(admitted)
            pending.append(left)
        }
        guard pending.isEmpty else { throw Refusal(reason: "\(pending.count) parts of the space are not covered") }
    }

    private func weights(
        of step: Certificate.Step, _ index: Int, _ relations: Relations
    ) throws(Refusal) -> [Int128] {
        guard step.scale >= 0 else { throw Refusal(reason: "the scale of node \(index) is negative") }
        var weights = [Int128](repeating: 0, count: relations.limit.count)
        let cutBase = relations.limit.count - relations.cutCount
        let entries =
            step.weights.map { ($0.resource, $0.resource < cutBase, $0.weight) }
            + step.cutWeights.map { (cutBase &+ $0.cut, $0.cut >= 0 && $0.cut < relations.cutCount, $0.weight) }
        for (relation, isKnown, weight) in entries {
            guard isKnown, relation >= 0, weight >= 0 else {
                throw Refusal(reason: "node \(index) has an invalid weight")
            }
            weights[relation] += Int128(weight)
        }
        return weights
    }

    /// Drops the options that no feasible choice below the bound uses; returns whether no such choice is left.
    private func reduce(
        _ admitted: inout [[Int]], _ scale: Int64, _ weights: [Int128], _ bound: Int128?, _ problem: ChoiceProblem,
        _ relations: Relations
    ) throws(Refusal) -> Bool {
        var total: Int128 = 0
        for (relation, limit) in relations.limit.enumerated() where weights[relation] > 0 {
            guard let limit else { throw Refusal(reason: "resource \(relation) has a weight but no limit") }
            total = try sum(total, -product(weights[relation], limit))
        }
        var values: [[Int128]] = []
        var least: [Int128] = []
        for (group, options) in admitted.enumerated() {
            var row: [Int128] = []
            for index in options {
                var value = try value(problem.groups[group].options[index], scale, weights)
                for cut in relations.cuts[group][index] {
                    value = try sum(value, weights[problem.resources.count + cut])
                }
                row.append(value)
            }
            guard let smallest = row.min() else { return true }
            values.append(row)
            least.append(smallest)
            total = try sum(total, smallest)
        }
        let allowed: Int128
        switch (scale, bound) {
        case (0, _): allowed = 0
        case (_, nil): return false
        case (_, let bound?): allowed = try product(Int128(scale), sum(bound, -1))
        }
        for group in admitted.indices {
            let spare = try sum(allowed, -sum(total, -least[group]))
            admitted[group] = zip(admitted[group], values[group]).filter { $0.1 <= spare }.map(\.0)
        }
        return total > allowed
    }

    private func value(
        _ option: ChoiceProblem.Option, _ scale: Int64, _ weights: [Int128]
    ) throws(Refusal) -> Int128 {
        var value = try product(Int128(scale), Int128(option.damage))
        for cost in option.costs where weights[cost.resource] != 0 {
            value = try sum(value, product(weights[cost.resource], Int128(cost.amount)))
        }
        return value
    }

    private func sum(_ left: Int128, _ right: Int128) throws(Refusal) -> Int128 {
        let (result, overflow) = left.addingReportingOverflow(right)
        guard !overflow, result != .min else { throw Refusal(reason: "a sum exceeds 128 bits") }
        return result
    }

    private func product(_ left: Int128, _ right: Int128) throws(Refusal) -> Int128 {
        let (result, overflow) = left.multipliedReportingOverflow(by: right)
        guard !overflow, result != .min else { throw Refusal(reason: "a product exceeds 128 bits") }
        return result
    }
}
