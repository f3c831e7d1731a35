import FixedPoint
import Tensors

extension TFLiteTranslation {
    /// SOFTMAX; an integer result is on the grid that its kernels assume, 1/256 from -128 for int8.
    static let softmax = TFLiteTranslation(.softmax) { site throws(FlatBufferFault) in
        try site.requireOneType([try site.input(0), site.output])
        if let grid = site.output.quantization, site.output.type == .int8 {
            guard abs(grid.scale - 1 / 256) <= 0.001 / 256, grid.zeroPoint == -128 else {
                throw site.fault("an int8 result must have scale 1/256 and zero point -128")
            }
        }
        let beta = try site.step.options?.float(0) ?? 0
        guard beta.isFinite, beta > 0 else { throw site.fault("beta \(beta) is not a positive finite number") }
        return Result(Softmax(beta: beta), of: site.operands(0...0))
    }

    /// LOG_SOFTMAX of reals.
    static let logSoftmax = TFLiteTranslation(.logSoftmax) { site throws(FlatBufferFault) in
        try site.requireReals()
        return Result(LogSoftmax(), of: site.operands(0...0))
    }

    /// LOCAL_RESPONSE_NORMALIZATION of reals; the schema's alpha weighs the sum of squares, not their mean.
    static let localResponseNormalization = TFLiteTranslation(.localResponseNormalization) {
        site throws(FlatBufferFault) in
        try site.requireReals()
        let radius = try site.option(0, Int32.self)
        guard (0...(1 << 18)).contains(radius), let options = site.step.options else {
            throw site.fault("radius \(radius) is out of range")
        }
        let size = 2 * radius + 1
        let operation = LocalResponseNormalization(
            size: size, alpha: try options.float(2) * Float(size), beta: try options.float(3),
            bias: try options.float(1))
        return Result(operation, of: site.operands(0...0))
    }
}

extension TFLiteSite {
    fileprivate func requireReals() throws(FlatBufferFault) {
        for tensor in [try input(0), output] where tensor.type != .float32 {
            throw fault("'\(tensor.name)' is \(tensor.type) where only float32 is supported")
        }
    }
}
