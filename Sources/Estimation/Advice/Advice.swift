/// A change that would shorten one layer, and by how much: a layer costed again under it.
public struct Advice: Sendable, Hashable, Codable {
    /// The change, a clause.
    public var change: String
    /// Cycles that the layer would take.
    public var cycles: Int
    /// Cycles that it would take less.
    public var saving: Int

    public init(change: String, cycles: Int, saving: Int) {
        self.change = change
        self.cycles = cycles
        self.saving = saving
    }
}
