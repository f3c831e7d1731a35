public import ExactArithmetic

/// A multiple-choice knapsack: one option per group, least summed damage, every resource within its budget.
///
/// All entries are integers, so that an optimum is a fact. Costs may be negative. Several resources may share one
/// budget (a family): each of them must stay within the same limit, as the live memory of every step of a schedule
/// must stay within one RAM.
public struct ChoiceProblem: Sendable, Hashable {
    /// A named limit that one resource, or each resource of a family, must not exceed.
    public struct Budget: Sendable, Hashable, Codable {
        /// The name in messages.
        public var name: String
        /// The largest usage allowed; nil when unlimited.
        public var limit: Int64?

        /// Makes a budget.
        public init(name: String, limit: Int64?) {
            self.name = name
            self.limit = limit
        }
    }

    /// A quantity that the chosen options add up to.
    public struct Resource: Sendable, Hashable, Codable {
        /// The name in messages.
        public var name: String
        /// Index of the budget that limits it.
        public var budget: Int
        /// Usage that no choice changes.
        public var base: Int64

        /// Makes a resource under a budget.
        public init(name: String, budget: Int, base: Int64 = 0) {
            self.name = name
            self.budget = budget
            self.base = base
        }
    }

    /// What an option takes of one resource.
    public struct Cost: Sendable, Hashable, Codable {
        /// Index of the resource.
        public var resource: Int
        /// The amount; negative when the option gives back.
        public var amount: Int64

        /// Makes a cost.
        public init(resource: Int, amount: Int64) {
            self.resource = resource
            self.amount = amount
        }
    }

    /// One way to treat a group.
    public struct Option: Sendable, Hashable, Codable {
        /// The objective's share.
        public var damage: Int64
        /// Amounts of the resources it touches, at most one entry per resource.
        public var costs: [Cost]

        /// Makes an option.
        public init(damage: Int64, costs: [Cost]) {
            self.damage = damage
            self.costs = costs
        }
    }

    /// A set of options of which exactly one is chosen.
    public struct Group: Sendable, Hashable, Codable {
        /// The name in messages.
        public var name: String
        /// The options, at least one.
        public var options: [Option]

        /// Makes a group.
        public init(name: String, options: [Option]) {
            self.name = name
            self.options = options
        }
    }

    /// The limits.
    public internal(set) var budgets: [Budget]
    /// The quantities under the limits.
    public let resources: [Resource]
    /// The decisions.
    public internal(set) var groups: [Group]

    /// Makes a problem; throws what is wrong with its indices or its size.
    public init(budgets: [Budget], resources: [Resource], groups: [Group]) throws(ChoiceProblemError) {
        self.budgets = budgets
        self.resources = resources
        self.groups = groups
        try check()
    }

    /// The number of choices, feasible or not.
    public var spaceSize: BigInteger {
        groups.reduce(.one) { $0 * BigInteger($1.options.count) }
    }
}
