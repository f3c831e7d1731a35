import Tensors

extension TFLiteTranslation {
    /// RESHAPE to the shape that the result declares; the operand with the shape may be computed.
    static let reshape = view(.reshape)

    /// SQUEEZE.
    static let squeeze = view(.squeeze)

    /// EXPAND_DIMS.
    static let expandDims = view(.expandDims)

    private static func view(_ builtin: TFLiteBuiltin) -> TFLiteTranslation {
        TFLiteTranslation(builtin, dataOperands: 1) { site throws(FlatBufferFault) in
            try site.requireSameGrid([try site.input(0)])
            return Result(Reshape(shape: site.output.shape), of: site.operands(0...0))
        }
    }

    /// TRANSPOSE by a constant permutation.
    static let transpose = TFLiteTranslation(.transpose, dataOperands: 1) { site throws(FlatBufferFault) in
        try site.requireSameGrid([try site.input(0)])
        return Result(Transpose(permutation: try site.constantIntegers(1)), of: site.operands(0...0))
    }

    /// CONCATENATION.
    static let concatenation = TFLiteTranslation(.concatenation) { site throws(FlatBufferFault) in
        guard !site.step.inputs.isEmpty else { throw site.fault("nothing to concatenate") }
        var tensors: [TFLiteTensor] = []
        for position in site.step.inputs.indices { tensors.append(try site.input(position)) }
        try site.requireSameGrid(tensors)
        let axis = try site.axes([try site.option(0, Int32.self)], rank: tensors[0].shape.rank)[0]
        return Result(Concatenation(axis: axis), of: tensors.map(\.index)).followed(by: try site.activation(1))
    }

    /// PAD with zeros.
    static let pad = TFLiteTranslation(.pad, dataOperands: 1) { site throws(FlatBufferFault) in
        try site.padding(value: 0)
    }

    /// PADV2 with a constant.
    static let padV2 = TFLiteTranslation(.padV2, dataOperands: 1) { site throws(FlatBufferFault) in
        guard site.has(2) else { return try site.padding(value: 0) }
        let tensor = try site.input(2)
        guard let constant = try site.model.constant(tensor), let element = constant.floats.first else {
            throw site.fault("the padding value '\(tensor.name)' must be a constant")
        }
        try site.requireOneType([try site.input(0), tensor])
        guard let grid = tensor.quantization else { return try site.padding(value: element) }
        return try site.padding(value: grid.scale * (element - Float(grid.zeroPoint)))
    }
}

extension TFLiteSite {
    fileprivate func padding(value: Float) throws(FlatBufferFault) -> TFLiteTranslation.Result {
        try requireSameGrid([try input(0)])
        let rank = try input(0).shape.rank
        let margins = try constantIntegers(1)
        guard margins.count == 2 * rank, margins.allSatisfy({ (0...Shape.maximumElementCount).contains($0) }) else {
            throw fault("padding \(margins.prefix(16)) does not suit a tensor of rank \(rank)")
        }
        let before = (0..<rank).map { margins[2 * $0] }
        let after = (0..<rank).map { margins[2 * $0 + 1] }
        return TFLiteTranslation.Result(Padding(before: before, after: after, value: value), of: operands(0...0))
    }
}
