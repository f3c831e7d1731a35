extension ChoiceProblem: Codable {
    private enum CodingKeys: String, CodingKey {
        case budgets, resources, groups
    }

    /// Reads the tables and checks them.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(
            budgets: container.decode([Budget].self, forKey: .budgets),
            resources: container.decode([Resource].self, forKey: .resources),
            groups: container.decode([Group].self, forKey: .groups))
    }

    /// Writes the tables.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(budgets, forKey: .budgets)
        try container.encode(resources, forKey: .resources)
        try container.encode(groups, forKey: .groups)
    }
}
