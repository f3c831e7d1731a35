/// Best-first branch and bound with dives, over the relaxation's exact integer bounds.
struct BranchAndBound {
    /// When the search may end early.
    enum Goal {
        /// The best choices, proved.
        case best
        /// Any feasible choice.
        case anyFeasible
    }

    let table: ColumnTable
    let limits: SearchLimits
    let goal: Goal
    private(set) var incumbents: Incumbents
    private(set) var records: [SearchRecord] = []
    private(set) var processed = 0
    /// Elementary operations so far, by count of what was touched.
    private(set) var work = 0
    private(set) var open = OpenNodes()
    private var simplex: DualSimplex

    init(_ table: ColumnTable, keepingBest count: Int, limits: SearchLimits, goal: Goal = .best) {
        let table = CutLoop.tighten(table)
        self.table = table
        self.limits = limits
        self.goal = goal
        incumbents = Incumbents(capacity: count)
        simplex = DualSimplex(table)
    }

    /// The columns in the relaxation's present solution.
    var simplexShares: [(column: Int, share: Double)] { simplex.shares }

    /// Enters a feasible choice; returns whether it was new and good enough.
    mutating func enter(_ columns: [Int], damage: Int128) -> Bool {
        incumbents.insert(columns, damage: damage)
    }

    /// Whether nothing is left to search.
    var isComplete: Bool { open.all.allSatisfy { isClosed($0.bound) } }

    /// The damage that no choice goes below; nil when no choice can be feasible, or nothing is known yet.
    var bound: Int128? {
        var least = incumbents.entries.first?.damage
        for node in open.all {
            guard let bound = node.bound else { return nil }
            least = min(least ?? bound, bound)
        }
        return least
    }

    /// Searches until the space is exhausted, the goal is met or a limit is reached.
    mutating func run() {
        records.append(SearchRecord(proofs: [.none(table)]))
        open.insert(
            SearchNode(
                active: ColumnSet(Array(0..<table.columnCount), of: table.columnCount), basis: nil, bound: nil,
                record: 0))
        while !isStopped, let node = open.popFirst() {
            dive(from: node)
        }
    }

    private var isStopped: Bool {
        if processed >= limits.nodes || work >= limits.work { return true }
        switch goal {
        case .best: return false
        case .anyFeasible: return !incumbents.entries.isEmpty
        }
    }

    private func isClosed(_ bound: Int128?) -> Bool {
        guard let bound, let cutoff = incumbents.cutoff else { return false }
        return bound >= cutoff
    }

    /// Processes a node and then the preferred child of each node it leads to.
    private mutating func dive(from start: SearchNode) {
        guard !isClosed(start.bound) else { return }
        let active = start.active.columns
        simplex.restrict(to: active)
        if let basis = start.basis {
            simplex.load(basis: basis.map(Int.init))
        } else {
            simplex.start(active: active)
        }
        var next: SearchNode? = start
        while let node = next {
            guard !isClosed(node.bound) else { return }
            guard !isStopped else {
                open.insert(node)
                return
            }
            next = process(node)
        }
    }

    /// Bounds, fixes, improves the incumbents and splits; returns the child to go on with.
    private mutating func process(_ node: SearchNode) -> SearchNode? {
        processed += 1
        let propagation = Propagation(table, active: node.active.columns)
        let inherited = records[node.record].proofs
        records[node.record].proofs = propagation.rows.map { .single(row: $0, table) }
        work += 8 * table.row.count
        if propagation.isClosed { return nil }
        let given = propagation.active
        simplex.restrict(to: given)
        let outcome = simplex.solve(cutoff: incumbents.cutoff)
        work += simplex.takeWork()
        let lagrangian = lagrangian(outcome, node, given, inherited: inherited)
        records[node.record].proofs.append(lagrangian.multipliers)
        if lagrangian.closes(cutoff: incumbents.cutoff) { return nil }
        var isSolved = false
        if case .bounded(isSolved: true) = outcome {
            isSolved = true
            work += searchNearby(given, lagrangian)
            if lagrangian.closes(cutoff: incumbents.cutoff) { return nil }
        }
        let active = lagrangian.surviving(given, cutoff: incumbents.cutoff)
        let bound = [lagrangian.damage, node.bound].compactMap(\.self).max()
        let survivors = Set(active)
        let excess = zip(given, lagrangian.excess).filter { survivors.contains($0.0) }.map(\.1)
        let shares = isSolved ? simplex.shares.filter { survivors.contains($0.column) } : []
        if active.count == table.groupCount {
            settle(active, node)
            return nil
        }
        guard let branching = Branching(table, active: active, shares: shares, excess: excess) else { return nil }
        return split(active, node, bound: bound, branching, lagrangian.multipliers)
    }

    /// The exact bound of a relaxation, or by the parent's multipliers where, by rounding, it is weaker or proves nothing.
    private func lagrangian(
        _ outcome: DualSimplex.Outcome, _ node: SearchNode, _ active: [Int], inherited: [IntegerMultipliers]
    ) -> LagrangianBound {
        let multipliers: IntegerMultipliers
        switch outcome {
        case .infeasible(let ray): multipliers = IntegerMultipliers(roundingRay: ray, table)
        case .bounded: multipliers = IntegerMultipliers(rounding: simplex.multipliers, table)
        }
        let own = LagrangianBound(multipliers, table, active: active)
        if own.closes(cutoff: incumbents.cutoff) { return own }
        if let damage = own.damage, node.bound.map({ damage >= $0 }) ?? true { return own }
        guard let last = inherited.last else { return own }
        return LagrangianBound(last, table, active: active)
    }

    private mutating func split(
        _ active: [Int], _ node: SearchNode, bound: Int128?, _ branching: Branching, _ proof: IntegerMultipliers
    ) -> SearchNode {
        let child = records.count
        records.append(SearchRecord(proofs: [proof]))
        records.append(SearchRecord(proofs: [proof]))
        records[node.record].split = SearchRecord.Split(
            group: branching.group, left: branching.left, children: (child, child + 1))
        let others = active.filter { table.group[$0] != branching.group }
        let basis = simplex.basis.map { Int32($0) }
        let left = SearchNode(
            active: ColumnSet(others + branching.left, of: table.columnCount), basis: basis, bound: bound,
            record: child)
        let right = SearchNode(
            active: ColumnSet(others + branching.right, of: table.columnCount), basis: basis, bound: bound,
            record: child + 1)
        open.insert(branching.prefersLeft ? right : left)
        return branching.prefersLeft ? left : right
    }

    /// Closes a part that holds one choice.
    private mutating func settle(_ columns: [Int], _ node: SearchNode) {
        let excess = table.excess(of: columns)
        if let broken = excess.firstIndex(where: { $0 > 0 }) {
            records[node.record].proofs.append(.single(row: broken, table))
        } else {
            records[node.record].proofs.append(.none(table))
            incumbents.insert(columns, damage: table.damage(of: columns))
        }
    }
}

/// How much a search may do.
struct SearchLimits {
    /// Parts of the space to bound.
    var nodes: Int
    /// Elementary operations.
    var work: Int
}
