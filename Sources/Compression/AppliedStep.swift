/// A step that was applied, and to which layers.
public struct AppliedStep: Sendable, Hashable, Codable {
    /// The step as it stands in a recipe.
    public var entry: RecipeEntry
    public var category: StepCategory
    /// Names of the layers that it changed or made, as they are called after the step, in execution order.
    public var layers: [String]
    /// What was decided on the way, a sentence each: widened accumulators, removed channels.
    public var remarks: [String]

    public init(entry: RecipeEntry, category: StepCategory, layers: [String], remarks: [String] = []) {
        self.entry = entry
        self.category = category
        self.layers = layers
        self.remarks = remarks
    }
}
