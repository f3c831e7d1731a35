/// The smallest limit of one budget at which a problem becomes feasible, the other budgets held.
public struct Relaxation: Sendable, Hashable {
    /// Index of the budget.
    public let budget: Int
    /// The smallest limit that helps, to the unit; nil when none was found.
    public let least: Int128?
    /// Whether that is proved: no smaller limit helps, or with nil no limit at all.
    public let isExact: Bool
    /// A choice that keeps the relaxed budgets, with its damage.
    public let solution: ChoiceSolution?
}

/// Why no choice keeps the budgets, and what would help.
public struct Infeasibility: Sendable, Hashable {
    /// Indices of budgets that no choice keeps together, in order.
    public let conflict: [Int]
    /// Whether it is proved that the conflict vanishes when any one of its budgets is dropped.
    public let isMinimal: Bool
    /// What each limited budget would have to be, in the order of the budgets.
    public let relaxations: [Relaxation]
}
