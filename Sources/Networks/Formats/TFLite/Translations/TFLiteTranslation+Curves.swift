import Tensors

extension TFLiteTranslation {
    /// LOGISTIC; an integer result covers 0 ... 1.
    static let logistic = TFLiteTranslation(.logistic) { site throws(FlatBufferFault) in
        try site.requireCurve(int8: (1 / 256, -128))
        return Result(Sigmoid(), of: site.operands(0...0))
    }

    /// TANH; an integer result covers -1 ... 1.
    static let tanh = TFLiteTranslation(.tanh) { site throws(FlatBufferFault) in
        try site.requireCurve(int8: (1 / 128, 0))
        return Result(HyperbolicTangent(), of: site.operands(0...0))
    }

    /// HARD_SWISH of reals and 8-bit integers.
    static let hardSwish = TFLiteTranslation(.hardSwish) { site throws(FlatBufferFault) in
        let tensor = try site.input(0)
        try site.requireOneType([tensor, site.output])
        guard tensor.type != .int16 else { throw site.fault("'\(tensor.name)' is int16, which is not supported here") }
        if let from = tensor.quantization?.scale, let to = site.output.quantization?.scale {
            guard from / 128 < to else {
                throw site.fault("'\(site.output.name)' has steps too fine for those of '\(tensor.name)'")
            }
        }
        return Result(HardSwish(), of: site.operands(0...0))
    }
}

extension TFLiteSite {
    /// Checks that an integer result lies on the grid that the kernels of a curve assume.
    fileprivate func requireCurve(int8: (scale: Float, zeroPoint: Int)) throws(FlatBufferFault) {
        let tensor = try input(0)
        try requireOneType([tensor, output])
        guard let from = tensor.quantization, let grid = output.quantization else { return }
        func require(_ scale: Float, _ zeroPoint: Int) throws(FlatBufferFault) {
            guard abs(grid.scale - scale) <= 0.0005 * scale, grid.zeroPoint == zeroPoint else {
                throw fault("'\(output.name)' must have scale 1/\(Int(1 / scale)) and zero point \(zeroPoint)")
            }
        }
        switch tensor.type {
        case .int8: try require(int8.scale, int8.zeroPoint)
        case .int16:
            try require(1 / 32768, 0)
            guard from.zeroPoint == 0 else { throw fault("'\(tensor.name)' must have zero point 0") }
        case .uint8, .float32, .float16, .int32, .int64, .string, .bool, .complex64, .float64, .complex128, .uint64,
            .resource, .variant, .uint32, .uint16, .int4, .bfloat16:
            return
        }
    }
}
