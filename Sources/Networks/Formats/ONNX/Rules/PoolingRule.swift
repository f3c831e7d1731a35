import Diagnostics
import Tensors

extension ONNXRule {
    /// `MaxPool`; the second output, places of the maxima, is not computed.
    static let maxPool = ONNXRule(
        "MaxPool", operands: 1...1, attributes: ONNXWindow.attributes.union(["ceil_mode", "storage_order"])
    ) { translation, operation in
        let image = try ONNXImage(translation.operand(0, of: operation), in: &translation)
        let extents = translation.logicalShape(of: image.value)
        let frame = try ONNXWindow(operation, extents: extents, isLine: image.isLine)
        let input = try translation.stored(image.value, as: ONNXOrder.channelsLast(4))
        let kind = MaxPool2D(kernelHeight: frame.kernelHeight, kernelWidth: frame.kernelWidth, window: frame.window)
        return try image.result(translation.emitMove(kind, [input], of: operation), in: &translation)
    }

    /// `AveragePool`.
    static let averagePool = ONNXRule(
        "AveragePool", operands: 1...1, attributes: ONNXWindow.attributes.union(["ceil_mode", "count_include_pad"])
    ) { translation, operation in
        let image = try ONNXImage(translation.operand(0, of: operation), in: &translation)
        return try averagePool(image, operation, quantization: nil, in: &translation)
    }

    /// `GlobalAveragePool`: the mean over all axes behind the channels.
    static let globalAveragePool = ONNXRule("GlobalAveragePool", operands: 1...1) { translation, operation in
        let image = try translation.operand(0, of: operation)
        let rank = translation.logicalShape(of: image).count
        guard rank >= 3 else { throw Diagnostic("a tensor of \(rank) axes has no image") }
        let order = ONNXOrder.channelsLast(rank)
        let input = try translation.stored(image, as: order)
        try translation.requireReal(input)
        let id = try translation.emit(Mean(axes: Array(1..<rank - 1), keepsAxes: true), [input], of: operation)
        return .edge(ONNXEdge(id: id, order: order))
    }

    /// The nodes of an average over windows of reals, or of integers if there is a quantization.
    static func averagePool(
        _ image: ONNXImage, _ operation: ONNXOperation, quantization: Quantization?,
        in translation: inout ONNXTranslation
    ) throws -> ONNXValue {
        let stored = translation.logicalShape(of: image.value)
        let extents = image.order == ONNXOrder.identity(4) ? [0, 3, 1, 2].map { stored[$0] } : stored
        var frame = try ONNXWindow(operation, extents: extents, isLine: image.isLine)
        guard frame.window.dilationHeight == 1, frame.window.dilationWidth == 1 else {
            throw Diagnostic("an average pool with dilations is not supported")
        }
        var input = try translation.stored(image.value, as: image.order)
        if quantization == nil { try translation.requireReal(input) }
        let margins = frame.window.padding
        if try operation.integer("count_include_pad", default: 0) != 0, margins != Window.Margins() {
            guard !frame.roundsUp || quantization != nil else {
                throw Diagnostic("an average that counts padding, with windows that reach over it, is not supported")
            }
            let padding = Padding(
                before: [0, margins.top, margins.left, 0], after: [0, margins.bottom, margins.right, 0])
            input = try translation.emitMove(
                padding, [input], node: "padding_\(operation.stem)", value: "\(operation.stem).padded")
            frame.window.padding = Window.Margins()
        }
        let kind = AveragePool2D(
            kernelHeight: frame.kernelHeight, kernelWidth: frame.kernelWidth, window: frame.window)
        let id = try translation.emit(kind, [input], of: operation, quantization: quantization)
        return try image.result(id, in: &translation)
    }
}
