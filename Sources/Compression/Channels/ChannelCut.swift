/// Which channels stay along the channel axes of a node's first operand and of its result.
struct ChannelCut {
    struct Side {
        var axis: Int
        /// Of each index along the axis.
        var kept: [Bool]

        var count: Int { kept.count { $0 } }
    }

    /// Nil for a constant, and for an operand without a channel axis.
    var operand: Side?
    var result: Side
}
