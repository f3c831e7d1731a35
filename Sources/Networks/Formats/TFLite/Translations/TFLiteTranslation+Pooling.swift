import Tensors

extension TFLiteTranslation {
    /// AVERAGE_POOL_2D.
    static let averagePool2D = TFLiteTranslation(.averagePool2D) { site throws(FlatBufferFault) in
        let (height, width, window) = try site.pool()
        let operation = AveragePool2D(
            kernelHeight: height, kernelWidth: width, window: window, activation: try site.activation(5))
        return Result(operation, of: site.operands(0...0))
    }

    /// MAX_POOL_2D.
    static let maxPool2D = TFLiteTranslation(.maxPool2D) { site throws(FlatBufferFault) in
        let (height, width, window) = try site.pool()
        let operation = MaxPool2D(
            kernelHeight: height, kernelWidth: width, window: window, activation: try site.activation(5))
        return Result(operation, of: site.operands(0...0))
    }

    /// MEAN over constant axes.
    static let mean = TFLiteTranslation(.mean, dataOperands: 1) { site throws(FlatBufferFault) in
        let tensor = try site.input(0)
        try site.requireOneType([tensor, site.output])
        let axes = try site.axes(try site.constantIntegers(1), rank: tensor.shape.rank)
        return Result(Mean(axes: axes, keepsAxes: try site.flag(0)), of: site.operands(0...0))
    }
}

extension TFLiteSite {
    fileprivate func pool() throws(FlatBufferFault) -> (height: Int, width: Int, window: Window) {
        let (width, height) = (try option(3, Int32.self), try option(4, Int32.self))
        let window = try window(padding: 0, strideWidth: 1, strideHeight: 2, kernelHeight: height, kernelWidth: width)
        try requireSameGrid([try input(0)])
        return (height, width, window)
    }
}
