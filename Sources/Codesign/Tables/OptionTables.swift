public import Exploration

/// Cost and damage of every option of every layer, each tried alone in an otherwise uncompressed network.
///
/// Sums over layers are a surrogate of the truth: layers interact, so plans chosen here are costed and executed whole.
public struct OptionTables: Sendable, Hashable, Codable {
    /// One way to treat a layer.
    public struct Option: Sendable, Hashable, Codable {
        public var choice: LayerChoice
        /// Damage beyond the uncompressed integer network's, in billionths of the damage measure.
        public var damage: Int64
        /// Cost beyond the uncompressed integer network's.
        public var cost: CostVector
    }

    /// The ways to treat one layer.
    public struct Layer: Sendable, Hashable, Codable {
        public var name: String
        public var options: [Option]
    }

    /// Cost of the uncompressed integer network.
    public var baseline: CostVector
    public var layers: [Layer]

    public init(baseline: CostVector, layers: [Layer]) {
        self.baseline = baseline
        self.layers = layers
    }

    /// Places of the budgets in `problem(limits:)`.
    public enum Resource: Int, Sendable, CaseIterable {
        case latency
        case energy
        case flash
        case ram

        /// The quantity that a budget limits.
        public var quantity: BudgetedQuantity {
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
    public func problem(limits: [Resource: Int64]) throws -> ChoiceProblem {
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
        let groups = layers.map { layer in
            ChoiceProblem.Group(name: layer.name, options: layer.options.map(OptionTables.entry))
        }
        return try ChoiceProblem(budgets: budgets, resources: resources, groups: groups)
    }

    private static func entry(_ option: Option) -> ChoiceProblem.Option {
        let cost = option.cost
        let amounts = [cost.cycles, cost.femtojoules, cost.flashBytes] + cost.liveBytes
        let costs = amounts.enumerated().compactMap { resource, amount in
            amount == 0 ? nil : ChoiceProblem.Cost(resource: resource, amount: amount)
        }
        return ChoiceProblem.Option(damage: option.damage, costs: costs)
    }
}
