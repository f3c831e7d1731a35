/// The blocks in which an operation is computed.
public struct BlockConfiguration: Sendable, Hashable, Codable {
    /// The order in which the window and the input channels of a block are walked.
    public enum Traversal: String, Sendable, Hashable, Codable {
        /// All channels of a place of the window, then the next place.
        case depthFirst
        /// A part of the window over few channels, then the next channels.
        case partKernelFirst
        /// Each channel alone.
        case depthwise
    }

    public var inputBlock: BlockShape
    public var outputBlock: BlockShape
    public var traversal: Traversal

    public init(inputBlock: BlockShape, outputBlock: BlockShape, traversal: Traversal) {
        self.inputBlock = inputBlock
        self.outputBlock = outputBlock
        self.traversal = traversal
    }
}
