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
    /// How every other operator carries integers from grid to grid; not stochastic.
    public var elementwise: RequantizationFamily

    public init(
        name: String, convolution: RequantizationFamily, depthwise: RequantizationFamily,
        fullyConnected: RequantizationFamily, elementwise: RequantizationFamily
    ) {
        precondition(!elementwise.isStochastic, "only sums of layers with weights are rounded stochastically")
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
    public static let onnxRuntime = RuntimeArithmetic(name: "onnxruntime", family: .float)

    /// Every arithmetic that files and commands may name.
    public static let all = [tflm, ruy, xnnpack, singleRounding, onnxRuntime] + fixedPoint

    /// The arithmetic with this name, or nil.
    public static func named(_ name: String) -> RuntimeArithmetic? {
        all.first { $0.name == name } ?? seeded(name)
    }
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
