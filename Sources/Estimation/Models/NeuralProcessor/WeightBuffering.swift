/// The staging of an operation's weights: cut by output channels, moved ahead of their use.
///
/// The vendor's published rule (Vela 5.2.0, `scheduler.cpp`): weights are staged when reading them again from their
/// memory costs more than moving them, in a first slice that the operation before hides and further slices under the
/// slices before them; the choice is kept when the estimate with it is no worse. It is *not* a search over slices, and
/// weights that several operations share are staged for each.
struct WeightBuffering: Sendable {
    static let startupCycles = 1000

    /// Channels at which slices begin, and the end.
    var slices: [Int]
    /// Bytes of each slice.
    var sizes: [Int]
    /// Cycles of moving everything at once.
    var transfer: Int
    /// Cycles of moving the first slice.
    var firstTransfer: Int
    /// The first slice is moved while the operation before runs.
    var isAhead: Bool
    /// Cycles of the last slice, under which the next operation's weights can move.
    var lastSlice: Int
    /// Bytes of the buffers.
    var bytes: Int
}
