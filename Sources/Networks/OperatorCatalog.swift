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
        BilinearResize.self,
        BipolarQuantization.self,
        Centering.self,
        ChannelScaling.self,
        ChannelSelection.self,
        Concatenation.self,
        Convolution2D.self,
        DepthwiseConvolution2D.self,
        Dequantize.self,
        DynamicQuantize.self,
        FloatQuantization.self,
        FullyConnected.self,
        HardSwish.self,
        HyperbolicTangent.self,
        IntegerQuantization.self,
        LeakyRectifier.self,
        LocalResponseNormalization.self,
        LogSoftmax.self,
        MatrixProduct.self,
        MaxPool2D.self,
        Mean.self,
        MultiThreshold.self,
        Multiplication.self,
        NearestResize.self,
        Padding.self,
        ParametricRectifier.self,
        PerforatedConvolution2D.self,
        PixelCopy.self,
        Quantize.self,
        RealConversion.self,
        Rectifier.self,
        Reinterpretation.self,
        Reshape.self,
        Sigmoid.self,
        Softmax.self,
        StridedSlice.self,
        Subtraction.self,
        Thresholds.self,
        Transpose.self,
        TransposedConvolution2D.self,
        Truncation.self,
        XnorPopcountProduct.self,
    ])

    /// The operator type with this name, or nil.
    public func type(named name: String) -> (any Operator.Type)? {
        types.first { $0.name == name }
    }
}
