/// Why no plan was found: budgets that cannot be kept together, and how little would mend it.
public struct Conflict: Sendable, Hashable {
    /// A budget, and the least limit at which a plan exists while all other budgets stay.
    public struct Relaxation: Sendable, Hashable {
        public var quantity: BudgetedQuantity
        /// The limit now: cycles, femtojoules, bytes, or millionths of a percentage point; nil for none.
        public var limit: Int64?
        /// The least limit in the same unit; nil when no value helps.
        public var least: Int64?
        /// `true` when `least` is proved by the tables, `false` for the best that was found.
        public var isExact: Bool
        /// What a whole network costs that keeps all other budgets, in the same unit; nil when none was found.
        public var achieved: Int64?
    }

    /// Budgets that cannot be kept together; leaving out any one of them makes the tables feasible.
    public var quantities: [BudgetedQuantity]
    public var relaxations: [Relaxation]
    /// What the statement rests on, in a sentence.
    public var basis: String
}
