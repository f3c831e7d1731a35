/// How one layer runs on a block-based engine.
public enum BlockForm: Sendable, Hashable, Codable {
    /// Written or read in place: no operation of its own.
    case inPlace
    /// Looked up in a table by the operation before it.
    case table
    /// The host core computes it.
    case host
    /// So many operations; the blocks are those of the first.
    case operations(count: Int, EngineOperation.Unit, BlockConfiguration)
}
