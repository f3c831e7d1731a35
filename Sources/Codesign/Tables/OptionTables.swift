package import Exploration

/// Cost and damage of every option of every layer, each tried alone in a network that is otherwise left as it is.
///
/// Sums over layers are a surrogate of the truth: layers interact, so plans chosen here are costed and executed whole.
public struct OptionTables: Sendable, Hashable, Codable {
    /// One way to treat a layer.
    public struct Option: Sendable, Hashable, Codable {
        public var choice: LayerChoice
        /// Damage beyond that of the network left as it is, in billionths of the damage measure.
        public var damage: Int64
        /// Cost beyond that of the network left as it is.
        public var cost: CostVector

        package init(choice: LayerChoice, damage: Int64, cost: CostVector) {
            self.choice = choice
            self.damage = damage
            self.cost = cost
        }
    }

    /// The ways to treat one layer.
    public struct Layer: Sendable, Hashable, Codable {
        public var name: String
        public var options: [Option]

        package init(name: String, options: [Option]) {
            self.name = name
            self.options = options
        }
    }

    /// Cost of the network around which layers are varied: the one that takes the first option of every layer.
    public var baseline: CostVector
    /// Damage of that network.
    public var damage: Int64
    public var layers: [Layer]

    public init(baseline: CostVector, damage: Int64, layers: [Layer]) {
        self.baseline = baseline
        self.damage = damage
        self.layers = layers
    }

    /// Places of the budgets in `problem(limits:)`.
    package enum Resource: Int, Sendable, CaseIterable {
        case latency
        case energy
        case flash
        case ram

        /// The quantity that a budget limits.
        package var quantity: BudgetedQuantity {
            switch self {
            case .latency: .latency
            case .energy: .energy
            case .flash: .flash
            case .ram: .ram
            }
        }
    }

    /// The choice of one option a layer with the least damage, each resource within its limit.
    ///
    /// Limits are in cycles, femtojoules and bytes. Memory is one resource for each step of the schedule, all under the
    /// same budget.
    package func problem(limits: [Resource: Int64]) throws -> ChoiceProblem {
        let budgets = Resource.allCases.map { ChoiceProblem.Budget(name: $0.quantity.rawValue, limit: limits[$0]) }
        var resources = [
            ChoiceProblem.Resource(name: "cycles", budget: Resource.latency.rawValue, base: baseline.cycles),
            ChoiceProblem.Resource(name: "femtojoules", budget: Resource.energy.rawValue, base: baseline.femtojoules),
            ChoiceProblem.Resource(name: "flash bytes", budget: Resource.flash.rawValue, base: baseline.flashBytes),
        ]
        for (step, bytes) in baseline.liveBytes.enumerated() {
            resources.append(
                ChoiceProblem.Resource(name: "live bytes \(step)", budget: Resource.ram.rawValue, base: bytes))
        }
        let groups = layers.enumerated().map { place, layer in
            let base = place == 0 ? damage : 0
            return ChoiceProblem.Group(
                name: layer.name, options: layer.options.map { OptionTables.entry($0, base: base) })
        }
        return try ChoiceProblem(budgets: budgets, resources: resources, groups: groups)
    }

    /// An option's row; the first layer carries the damage that every choice starts from.
    private static func entry(_ option: Option, base: Int64) -> ChoiceProblem.Option {
        let cost = option.cost
        let amounts = [cost.cycles, cost.femtojoules, cost.flashBytes] + cost.liveBytes
        let costs = amounts.enumerated().compactMap { resource, amount in
            amount == 0 ? nil : ChoiceProblem.Cost(resource: resource, amount: amount)
        }
        return ChoiceProblem.Option(damage: base + option.damage, costs: costs)
    }
}
