import FixedPoint
import Tensors

extension TFLiteTranslation {
    /// SOFTMAX; an integer result is on the grid that its kernels assume, 1/256 from -128 for int8.
    static let softmax = TFLiteTranslation(.softmax) { site throws(FlatBufferFault) in
        let tensor = try site.input(0)
        try site.requireSoftmaxTypes(tensor)
        func require(_ scale: Float, _ zeroPoint: Int, _ name: String) throws(FlatBufferFault) {
            guard let grid = site.output.quantization else { return }
            guard abs(grid.scale - scale) <= 0.001 * scale, grid.zeroPoint == zeroPoint else {
                throw site.fault("an \(name) result must have scale 1/\(Int(1 / scale)) and zero point \(zeroPoint)")
            }
        }
        if site.output.type == .int8 { try require(1 / 256, -128, "int8") }
        if site.output.type == .int16 {
            tensor.type == .int16 ? try require(1 / 32768, 0, "int16") : try require(1 / 65536, -32768, "int16")
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
    /// Input and result are of one type, or int16 from int8.
    fileprivate func requireSoftmaxTypes(_ tensor: TFLiteTensor) throws(FlatBufferFault) {
        guard tensor.type == .int8, output.type == .int16 else { return try requireOneType([tensor, output]) }
        try requireActivation(tensor)
        try requireActivation(output)
    }

    fileprivate func requireReals() throws(FlatBufferFault) {
        for tensor in [try input(0), output] where tensor.type != .float32 {
            throw fault("'\(tensor.name)' is \(tensor.type) where only float32 is supported")
        }
    }
}
