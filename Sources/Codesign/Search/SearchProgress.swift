/// How far a search is.
public enum SearchProgress: Sendable, Hashable {
    /// Choices of single layers are executed, in groups of one structure.
    case probing(done: Int, of: Int)
    /// The exact choice is computed.
    case solving
    /// Whole candidates are executed.
    case executing(done: Int, of: Int)
}
