public import Compression

/// A method at one strength: a recipe and what it is called in the table.
public struct SweepEntry: Sendable, Hashable {
    /// The name of the method in the table.
    public var method: String
    /// The parameters that vary, `density=0.5`; empty for a method with one strength.
    public var strength: String
    /// The method of the table that this one should beat at the same strength.
    public var naive: String?
    public var recipe: Recipe

    public init(method: String, strength: String, naive: String?, recipe: Recipe) {
        self.method = method
        self.strength = strength
        self.naive = naive
        self.recipe = recipe
    }
}
