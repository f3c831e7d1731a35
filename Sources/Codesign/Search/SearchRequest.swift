/// What the user asks of a search.
public struct SearchRequest: Sendable, Hashable {
    public var budgets: [Budget]
    /// What to make small within the budgets.
    public var minimized: BudgetedQuantity
    public var space: DesignSpace
    /// How many whole networks are judged at most where accuracy is sought, and suggested by each tables' limits.
    public var finalists: Int
    /// Threads that work; results do not depend on them.
    public var threads: Int

    public init(
        budgets: [Budget], minimized: BudgetedQuantity = .accuracyDrop, space: DesignSpace = .standard,
        finalists: Int = 8, threads: Int = 1
    ) {
        self.budgets = budgets
        self.minimized = minimized
        self.space = space
        self.finalists = finalists
        self.threads = threads
    }

    /// The tightest limit on a quantity, or nil.
    package func limit(on quantity: BudgetedQuantity) -> Int64? {
        budgets.filter { $0.quantity == quantity }.map(\.limit).min()
    }
}
