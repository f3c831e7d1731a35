import FixedPoint
import Tensors

extension TFLiteTranslation {
    /// ADD.
    static let addition = combination(.add) { Addition(activation: $0) }

    /// SUB.
    static let subtraction = combination(.sub) { Subtraction(activation: $0) }

    /// MUL.
    static let multiplication = combination(.mul) { Multiplication(activation: $0) }

    private static func combination(
        _ builtin: TFLiteBuiltin, _ operation: @escaping @Sendable (Activation) -> any Operator
    ) -> TFLiteTranslation {
        TFLiteTranslation(builtin) { site throws(FlatBufferFault) in
            try site.requireOneType([try site.input(0), try site.input(1), site.output])
            return Result(operation(try site.activation(0)), of: site.operands(0...1))
        }
    }

    /// LEAKY_RELU.
    static let leakyRelu = TFLiteTranslation(.leakyRelu) { site throws(FlatBufferFault) in
        try site.requireOneType([try site.input(0), site.output])
        return Result(LeakyRectifier(alpha: try site.step.options?.float(0) ?? 0), of: site.operands(0...0))
    }

    /// RELU.
    static let relu = rectifier(.relu, .relu)

    /// RELU_N1_TO_1.
    static let reluN1To1 = rectifier(.reluN1To1, .reluN1To1)

    /// PRELU; int16 inputs have int8 slopes.
    static let prelu = TFLiteTranslation(.prelu) { site throws(FlatBufferFault) in
        try site.requireOneType([try site.input(0), site.output])
        let (tensor, slopes) = (try site.input(0), try site.input(1))
        guard slopes.type == (tensor.type == .int16 ? .int8 : tensor.type) else {
            throw site.fault("slopes '\(slopes.name)' are \(slopes.type) under an input of \(tensor.type)")
        }
        try site.requireActivation(slopes)
        return Result(ParametricRectifier(), of: site.operands(0...1))
    }

    /// RELU6.
    static let relu6 = rectifier(.relu6, .relu6)

    private static func rectifier(_ builtin: TFLiteBuiltin, _ activation: Activation) -> TFLiteTranslation {
        TFLiteTranslation(builtin) { site throws(FlatBufferFault) in
            try site.requireOneType([try site.input(0), site.output])
            return Result(Rectifier(activation: activation), of: site.operands(0...0))
        }
    }

    /// QUANTIZE: from reals, or from another grid.
    static let quantize = TFLiteTranslation(.quantize) { site throws(FlatBufferFault) in
        try site.requireActivation(try site.input(0))
        try site.requireActivation(site.output)
        guard site.output.quantization != nil else { throw site.fault("'\(site.output.name)' has no scale") }
        return Result(Quantize(), of: site.operands(0...0))
    }

    /// DEQUANTIZE.
    static let dequantize = TFLiteTranslation(.dequantize) { site throws(FlatBufferFault) in
        try site.requireActivation(try site.input(0))
        guard try site.input(0).quantization != nil, site.output.type == .float32 else {
            throw site.fault("integers with a scale must become float32")
        }
        return Result(Dequantize(), of: site.operands(0...0))
    }
}
