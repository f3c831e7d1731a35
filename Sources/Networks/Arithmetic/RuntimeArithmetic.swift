public import FixedPoint

/// The integer arithmetic of a runtime library: the rule that each kind of operator follows.
public struct RuntimeArithmetic: Sendable, Hashable {
    /// The name in files and on the command line.
    public var name: String
    /// How the sums of convolutions become outputs.
    public var convolution: RequantizationFamily
    /// How the sums of convolutions in several groups become outputs.
    public var groupedConvolution: RequantizationFamily
    /// How the sums of depthwise convolutions become outputs.
    public var depthwise: RequantizationFamily
    /// How the sums of transposed convolutions become outputs.
    public var transposedConvolution: RequantizationFamily
    /// The same where outputs lie beyond what the last pixels reach.
    public var outgrowingTransposedConvolution: RequantizationFamily
    /// How the sums of fully connected layers become outputs.
    public var fullyConnected: RequantizationFamily
    /// How sums of more than 32 bits over 16-bit activations become outputs, in convolutions of all kinds.
    public var wideConvolution: RequantizationFamily
    /// How sums of more than 32 bits over 16-bit activations become outputs, in fully connected layers.
    public var wideFullyConnected: RequantizationFamily
    /// The same without a bias.
    public var unbiasedWideFullyConnected: RequantizationFamily
    /// Channels that depthwise and transposed convolutions requantize at a time by family D'; the others follow family D.
    public var channelLanes = 1
    /// Whether factors of operators without weights are quotients of float32 scales, not of the same in double precision.
    public var formsFactorsInSingle = false
    /// How every other operator carries integers from grid to grid; not stochastic.
    public var elementwise: RequantizationFamily
    /// How they do so where `elementwise` is family `float`.
    public var floatElements = FloatElementRule.ratios
    /// How two integers are added, where `elementwise` is a fixed-point family.
    public var addition = AdditionRule.commonScale
    /// How products of two integers become outputs.
    public var multiplication: RequantizationFamily
    /// How sums of 8-bit integers become their mean.
    public var mean = MeanRule.elementwise
    /// How 8-bit integers are quantized anew in 8 bits.
    public var requantization = RegriddingRule.elementwise
    /// How the two slopes of a leaky rectifier scale 8-bit integers.
    public var leakyRectifier = RegriddingRule.elementwise
    /// Whether a stand-alone clamp with an upper end carries integers to the result's grid, as one without does.
    public var boundedRectifierRescales = true
    /// How saturating curves, sigmoid and hyperbolic tangent, are evaluated on 8-bit integers.
    public var curve = CurveRule.floatTable
    /// How saturating curves are evaluated on 16-bit integers.
    public var wideCurve = WideCurveRule.interpolated
    /// How exponentials are summed on 8-bit integers.
    public var softmax = SoftmaxRule.fixedPoint
    /// How places between pixels are weighed on 8-bit integers.
    public var interpolation = InterpolationRule.tenBits
    /// Whether tables that 16-bit integers are interpolated in are made in single precision.
    public var formsTablesInSingle = false
    /// How reals become integers.
    public var quantization: QuantizationRule
    /// How integers become reals.
    public var dequantization = DequantizationRule.difference
    /// How products of reals are summed in fully connected layers of one row.
    public var realRow = RealSumRule.inOrder

    public init(
        name: String, convolution: RequantizationFamily, depthwise: RequantizationFamily,
        fullyConnected: RequantizationFamily, elementwise: RequantizationFamily
    ) {
        precondition(!elementwise.isStochastic, "only sums of layers with weights are rounded stochastically")
        self.name = name
        self.convolution = convolution
        self.depthwise = depthwise
        self.groupedConvolution = convolution
        self.transposedConvolution = convolution
        self.outgrowingTransposedConvolution = convolution
        self.fullyConnected = fullyConnected
        self.wideConvolution = convolution
        self.wideFullyConnected = fullyConnected
        self.unbiasedWideFullyConnected = fullyConnected
        self.elementwise = elementwise
        self.multiplication = elementwise
        self.quantization = .quotient(elementwise.roundingOfReals)
    }

    /// One rule for every operator.
    public init(name: String, family: RequantizationFamily) {
        self.init(name: name, convolution: family, depthwise: family, fullyConnected: family, elementwise: family)
    }
}

extension RuntimeArithmetic {
    /// Whether operators without weights are computed as the kernels of ONNX Runtime compute them.
    package var usesMLAS: Bool { elementwise == .float && floatElements == .mlas }
}

extension RuntimeArithmetic: CustomStringConvertible {
    /// The name.
    public var description: String { name }
}
