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
    let nodeLimit: Int
    let goal: Goal
    private(set) var incumbents: Incumbents
    private(set) var records: [SearchRecord] = []
    private(set) var processed = 0
    private(set) var open = OpenNodes()
    private var simplex: DualSimplex

    init(_ table: ColumnTable, keepingBest count: Int, nodeLimit: Int, goal: Goal = .best) {
        let table = CutLoop.tighten(table)
        self.table = table
        self.nodeLimit = nodeLimit
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

    /// Searches until the space is exhausted, the goal is met or the node limit is reached.
    mutating func run() {
        records.append(SearchRecord(proofs: [.none(table)]))
        open.insert(SearchNode(active: Array(0..<table.columnCount), basis: nil, bound: nil, record: 0))
        while processed < nodeLimit, !isDone, let node = open.popFirst() {
            dive(from: node)
        }
    }

    private var isDone: Bool {
        switch goal {
        case .best: false
        case .anyFeasible: !incumbents.entries.isEmpty
        }
    }

    private func isClosed(_ bound: Int128?) -> Bool {
        guard let bound, let cutoff = incumbents.cutoff else { return false }
        return bound >= cutoff
    }

    /// Processes a node and then the preferred child of each node it leads to.
    private mutating func dive(from start: SearchNode) {
        guard !isClosed(start.bound) else { return }
        simplex.restrict(to: start.active)
        if let basis = start.basis {
            simplex.load(basis: basis)
        } else {
            simplex.start(active: start.active)
        }
        var next: SearchNode? = start
        while let node = next {
            guard !isClosed(node.bound) else { return }
            guard processed < nodeLimit, !isDone else {
                open.insert(node)
                return
            }
            next = process(node)
        }
    }

    /// Bounds, fixes, improves the incumbents and splits; returns the child to go on with.
    private mutating func process(_ given: SearchNode) -> SearchNode? {
        processed += 1
        let propagation = Propagation(table, active: given.active)
        let inherited = records[given.record].proofs
        records[given.record].proofs = propagation.rows.map { .single(row: $0, table) }
        if propagation.isClosed { return nil }
        let node = given.narrowed(to: propagation.active)
        simplex.restrict(to: node.active)
        let outcome = simplex.solve(cutoff: incumbents.cutoff)
        let lagrangian = lagrangian(outcome, node, inherited: inherited)
        records[node.record].proofs.append(lagrangian.multipliers)
        if lagrangian.closes(cutoff: incumbents.cutoff) { return nil }
        var isSolved = false
        if case .bounded(isSolved: true) = outcome {
            isSolved = true
            searchNearby(node, lagrangian)
            if lagrangian.closes(cutoff: incumbents.cutoff) { return nil }
        }
        let active = lagrangian.surviving(node.active, cutoff: incumbents.cutoff)
        let bound = [lagrangian.damage, node.bound].compactMap(\.self).max()
        return split(active, node, bound: bound, lagrangian, isSolved: isSolved)
    }

    /// The exact bound of a relaxation, or by the parent's multipliers where, by rounding, it is weaker or proves nothing.
    private func lagrangian(
        _ outcome: DualSimplex.Outcome, _ node: SearchNode, inherited: [IntegerMultipliers]
    ) -> LagrangianBound {
        let multipliers: IntegerMultipliers
        switch outcome {
        case .infeasible(let ray): multipliers = IntegerMultipliers(roundingRay: ray, table)
        case .bounded: multipliers = IntegerMultipliers(rounding: simplex.multipliers, table)
        }
        let own = LagrangianBound(multipliers, table, active: node.active)
        if own.closes(cutoff: incumbents.cutoff) { return own }
        if let damage = own.damage, node.bound.map({ damage >= $0 }) ?? true { return own }
        guard let last = inherited.last else { return own }
        return LagrangianBound(last, table, active: node.active)
    }

    private mutating func split(
        _ active: [Int], _ node: SearchNode, bound: Int128?, _ lagrangian: LagrangianBound, isSolved: Bool
    ) -> SearchNode? {
        if active.count == table.groupCount {
            settle(active, node)
            return nil
        }
        let survivors = Set(active)
        let shares = isSolved ? simplex.shares.filter { survivors.contains($0.column) } : []
        let excess = zip(node.active, lagrangian.excess).filter { survivors.contains($0.0) }.map(\.1)
        guard let branching = Branching(table, active: active, shares: shares, excess: excess) else { return nil }
        let child = records.count
        records.append(SearchRecord(proofs: [lagrangian.multipliers]))
        records.append(SearchRecord(proofs: [lagrangian.multipliers]))
        records[node.record].split = SearchRecord.Split(
            group: branching.group, left: branching.left, children: (child, child + 1))
        let others = active.filter { table.group[$0] != branching.group }
        let left = SearchNode(
            active: (others + branching.left).sorted(), basis: simplex.basis, bound: bound, record: child)
        let right = SearchNode(
            active: (others + branching.right).sorted(), basis: simplex.basis, bound: bound, record: child + 1)
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
