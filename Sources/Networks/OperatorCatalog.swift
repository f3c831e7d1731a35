import Diagnostics

/// The operators that networks may use, by name; a new operator is one line here.
public struct OperatorCatalog: Sendable {
    public let types: [any Operator.Type]

    public init(types: [any Operator.Type]) {
        self.types = types
    }

    /// Every operator of this package, in alphabetical order.
    public static let standard = OperatorCatalog(types: [
        Addition.self,
        AveragePool2D.self,
        BatchNormalization.self,
        ChannelScaling.self,
        Concatenation.self,
        Convolution2D.self,
        DepthwiseConvolution2D.self,
        Dequantize.self,
        FullyConnected.self,
        LeakyRectifier.self,
        LocalResponseNormalization.self,
        LogSoftmax.self,
        MaxPool2D.self,
        Mean.self,
        Multiplication.self,
        Padding.self,
        Quantize.self,
        Rectifier.self,
        Reshape.self,
        Softmax.self,
        StridedSlice.self,
        Subtraction.self,
        Thresholds.self,
        Transpose.self,
    ])

    /// The operator type with this name, or nil.
    public func type(named name: String) -> (any Operator.Type)? {
        types.first { $0.name == name }
    }
}
