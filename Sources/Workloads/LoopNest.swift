/// The loops of a layer that multiplies: how often each index runs, and the geometry that ties them.
///
/// Multiplications = batch * groups * outputChannels * inputChannels * outputHeight * outputWidth * kernelHeight *
/// kernelWidth. A fully connected layer has all spatial extents 1; a depthwise convolution has one input channel a group.
public struct LoopNest: Sendable, Hashable, Codable {
    public var batch = 1
    public var groups = 1
    /// Output channels of one group.
    public var outputChannels = 1
    /// Input channels of one group.
    public var inputChannels = 1
    public var outputHeight = 1
    public var outputWidth = 1
    public var kernelHeight = 1
    public var kernelWidth = 1
    public var inputHeight = 1
    public var inputWidth = 1
    public var strideHeight = 1
    public var strideWidth = 1
    public var dilationHeight = 1
    public var dilationWidth = 1
    public var paddingTop = 0
    public var paddingLeft = 0

    public init() {}

    /// Multiplications when every weight and every input counts.
    public var multiplications: Int {
        outputElements * inputChannels * kernelHeight * kernelWidth
    }

    /// Elements that the layer writes.
    public var outputElements: Int {
        batch * groups * outputChannels * outputHeight * outputWidth
    }

    /// Products summed for one output element.
    public var reductionLength: Int {
        inputChannels * kernelHeight * kernelWidth
    }
}
