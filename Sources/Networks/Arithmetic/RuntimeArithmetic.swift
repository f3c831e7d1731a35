public import FixedPoint

/// The integer arithmetic of a runtime library: the rule that each kind of operator follows.
public struct RuntimeArithmetic: Sendable, Hashable {
    /// The name in files and on the command line.
    public var name: String
    /// How the sums of convolutions become outputs.
    public var convolution: RequantizationFamily
    /// How the sums of depthwise convolutions become outputs.
    public var depthwise: RequantizationFamily
    /// How the sums of fully connected layers become outputs.
    public var fullyConnected: RequantizationFamily
    /// How every other operator carries integers from grid to grid.
    public var elementwise: RequantizationFamily
    /// How they do so where `elementwise` is family `float`.
    public var floatElements = FloatElementRule.ratios
    /// How products of reals are summed in fully connected layers of one row.
    public var realRow = RealSumRule.inOrder

    public init(
        name: String, convolution: RequantizationFamily, depthwise: RequantizationFamily,
        fullyConnected: RequantizationFamily, elementwise: RequantizationFamily
    ) {
        self.name = name
        self.convolution = convolution
        self.depthwise = depthwise
        self.fullyConnected = fullyConnected
        self.elementwise = elementwise
    }

    /// One rule for every operator.
    public init(name: String, family: RequantizationFamily) {
        self.init(name: name, convolution: family, depthwise: family, fullyConnected: family, elementwise: family)
    }
}

extension RuntimeArithmetic {
    /// TensorFlow Lite Micro and CMSIS-NN.
    public static let tflm = RuntimeArithmetic(name: "tflm", family: .doubleRounding)
    /// The optimized kernels of LiteRT on x86, without delegate.
    public static let ruy = RuntimeArithmetic(name: "ruy", family: .halfUpShift)
    /// LiteRT with the XNNPACK delegate.
    public static let xnnpack = RuntimeArithmetic(name: "xnnpack", family: .float)
    /// Builds of TFLM and CMSIS-NN that round once.
    public static let singleRounding = RuntimeArithmetic(name: "single-rounding", family: .singleRounding)
    /// ONNX Runtime on processors.
    public static let onnxRuntime: RuntimeArithmetic = {
        var rules = RuntimeArithmetic(name: "onnxruntime", family: .float)
        rules.floatElements = .mlas
        return rules
    }()
    /// Execution of QONNX: float32 with values on grids; operators of integers as in ONNX Runtime.
    public static let qonnx: RuntimeArithmetic = {
        var rules = onnxRuntime
        rules.name = "qonnx"
        rules.realRow = .byFours
        return rules
    }()

    /// Every arithmetic that files and commands may name.
    public static let all = [tflm, ruy, xnnpack, singleRounding, onnxRuntime, qonnx]

    /// The arithmetic with this name, or nil.
    public static func named(_ name: String) -> RuntimeArithmetic? {
        all.first { $0.name == name }
    }
}

extension RuntimeArithmetic {
    /// Whether operators without weights are computed as the kernels of ONNX Runtime compute them.
    package var usesMLAS: Bool { elementwise == .float && floatElements == .mlas }
}

extension RuntimeArithmetic: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let name = try container.decode(String.self)
        guard let arithmetic = RuntimeArithmetic.named(name) else {
            let names = RuntimeArithmetic.all.map(\.name).joined(separator: ", ")
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "no arithmetic '\(name)'; there are \(names)")
        }
        self = arithmetic
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(name)
    }
}
