import FixedPoint

extension RuntimeArithmetic {
    /// TensorFlow Lite Micro and CMSIS-NN.
    public static let tflm: RuntimeArithmetic = {
        var rules = RuntimeArithmetic(name: "tflm", family: .doubleRounding)
        rules.wideConvolution = .reducedMultiplier
        rules.wideFullyConnected = .reducedMultiplier
        rules.unbiasedWideFullyConnected = .reducedMultiplier
        rules.boundedRectifierRescales = false
        rules.curve = .fixedPoint
        rules.formsTablesInSingle = true
        return rules
    }()

    /// The reference kernels of LiteRT.
    public static let litert: RuntimeArithmetic = {
        var rules = tflm
        rules.name = "litert"
        rules.fullyConnected = .doublePrecision
        rules.wideFullyConnected = .doublePrecision
        rules.unbiasedWideFullyConnected = .doublePrecision
        rules.formsFactorsInSingle = true
        rules.boundedRectifierRescales = true
        rules.curve = .floatTable
        rules.formsTablesInSingle = false
        return rules
    }()

    /// The optimized kernels of LiteRT on x86, without delegate.
    public static let ruy: RuntimeArithmetic = {
        var rules = litert
        rules.name = "ruy"
        rules.convolution = .halfUpShift
        rules.fullyConnected = .halfUpShift
        rules.unbiasedWideFullyConnected = .halfUpShift
        rules.depthwise = .halfUpShift
        rules.transposedConvolution = .halfUpShift
        rules.outgrowingTransposedConvolution = .halfUpShift
        rules.channelLanes = 8
        rules.mean = .zeroPointApart
        rules.requantization = .sixteenLanes
        rules.wideCurve = .fixedPointAtPowers
        rules.softmax = .floatTable
        rules.quantization = .eightLanes
        rules.dequantization = .eightLanes
        return rules
    }()

    /// LiteRT with the XNNPACK delegate on x86; what the delegate leaves is computed as in `ruy`.
    public static let xnnpack: RuntimeArithmetic = {
        var rules = ruy
        rules.name = "xnnpack"
        rules.convolution = .float
        rules.depthwise = .float
        rules.transposedConvolution = .float
        rules.fullyConnected = .float
        rules.groupedConvolution = .float
        rules.addition = .directMultipliers
        rules.multiplication = .float
        rules.mean = .foldedZeroPoints
        rules.requantization = .eightFractionBits
        rules.leakyRectifier = .eightFractionBits
        rules.interpolation = .elevenBits
        rules.quantization = .productToEven
        rules.dequantization = .difference
        return rules
    }()

    /// Builds of TFLM and CMSIS-NN that round once.
    public static let singleRounding: RuntimeArithmetic = {
        var rules = RuntimeArithmetic(name: "single-rounding", family: .singleRounding)
        rules.wideConvolution = .reducedMultiplier
        rules.wideFullyConnected = .reducedMultiplier
        rules.unbiasedWideFullyConnected = .reducedMultiplier
        rules.boundedRectifierRescales = false
        rules.curve = .fixedPoint
        rules.formsTablesInSingle = true
        return rules
    }()

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
    public static let all = [tflm, litert, ruy, xnnpack, singleRounding, onnxRuntime, qonnx] + fixedPoint

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
