/// Channels of a layer that can change an output: the others are constant whatever the input, and some runtimes drop them.
///
/// An output channel is dead when all its weights are zero; a channel that only dead channels feed is dead too.
public struct LiveChannels: Sendable, Hashable, Codable {
    /// Input channels, over all groups, that are not constant.
    public var inputs: Int
    /// Output channels, over all groups, that are not constant.
    public var outputs: Int

    public init(inputs: Int, outputs: Int) {
        self.inputs = inputs
        self.outputs = outputs
    }
}
