/// One step of a recipe: its name, the layers it works on and its parameters.
public struct RecipeEntry: Sendable, Hashable, Codable {
    public var step: String
    /// All layers when left out.
    public var layers: LayerSelection
    public var parameters: [String: ParameterValue]

    public init(step: String, layers: LayerSelection = .all, parameters: [String: ParameterValue] = [:]) {
        self.step = step
        self.layers = layers
        self.parameters = parameters
    }

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case step
        case layers
        case parameters
    }

    public init(from decoder: any Decoder) throws {
        try decoder.refuseKeys(besides: CodingKeys.allCases.map(\.rawValue))
        let container = try decoder.container(keyedBy: CodingKeys.self)
        step = try container.decode(String.self, forKey: .step)
        layers = try container.decodeIfPresent(LayerSelection.self, forKey: .layers) ?? .all
        parameters = try container.decodeIfPresent([String: ParameterValue].self, forKey: .parameters) ?? [:]
    }
}
