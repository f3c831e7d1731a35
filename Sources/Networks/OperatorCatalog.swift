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
        Concatenation.self,
        Convolution2D.self,
        DepthwiseConvolution2D.self,
        Dequantize.self,
        FullyConnected.self,
        HardSwish.self,
        HyperbolicTangent.self,
        LeakyRectifier.self,
        LocalResponseNormalization.self,
        LogSoftmax.self,
        MaxPool2D.self,
        Mean.self,
        Multiplication.self,
        NearestResize.self,
        Padding.self,
        ParametricRectifier.self,
        Quantize.self,
        Rectifier.self,
        Reshape.self,
        Sigmoid.self,
        Softmax.self,
        StridedSlice.self,
        Subtraction.self,
        Transpose.self,
        TransposedConvolution2D.self,
    ])

    /// The operator type with this name, or nil.
    public func type(named name: String) -> (any Operator.Type)? {
        types.first { $0.name == name }
    }
}
