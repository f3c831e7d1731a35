import Diagnostics
import Tensors

extension ONNXRule {
    /// `Conv` on images, in groups or channel by channel.
    static let convolution = ONNXRule(
        "Conv", operands: 2...3, attributes: ONNXWindow.attributes.union(["group"])
    ) { translation, operation in
        let layer = try ONNXConvolution(
            operation, image: translation.operand(0, of: operation), filters: translation.operand(1, of: operation),
            in: &translation)
        var inputs = layer.inputs
        for input in inputs { try translation.requireReal(input) }
        if operation.hasOperand(2) {
            inputs.append(try translation.storedAsInFile(translation.operand(2, of: operation)))
        }
        return try layer.result(translation.emit(layer.operation, inputs, of: operation), in: &translation)
    }
}

/// The operator and the operands of a convolution of ONNX in the layouts of the operator.
struct ONNXConvolution {
    let operation: any Operator
    /// Image and filters.
    let inputs: [ValueID]
    private let image: ONNXImage

    /// - Parameters:
    ///   - image: extents in the order batch, channels, height, width; or without a height.
    ///   - filters: extents in the order outputs, inputs of a group, height, width; or without a height.
    init(
        _ operation: ONNXOperation, image: ONNXValue, filters: ONNXValue, in translation: inout ONNXTranslation
    ) throws {
        self.image = try ONNXImage(image, in: &translation)
        let filters = try self.image.isLine ? translation.inserted(2, into: filters) : filters
        let (extents, kernel) = (translation.logicalShape(of: self.image.value), translation.logicalShape(of: filters))
        guard kernel.count == 4, extents.count == 4 else {
            throw Diagnostic("filters of \(kernel.count) axes for an image of \(extents.count) are not supported")
        }
        let window = try ONNXWindow(
            operation, extents: extents, kernel: [kernel[2], kernel[3]], isLine: self.image.isLine
        ).window
        let groups = try operation.integer("group", default: 1)
        guard groups >= 1, kernel[1] * groups == extents[1], kernel[0] > 0, kernel[0] % groups == 0 else {
            throw Diagnostic("filters of \(kernel) in \(groups) groups do not suit an image of \(extents)")
        }
        guard translation.isFixed(filters) else { throw Diagnostic("the filters have to be constant") }
        let isDepthwise = groups > 1 && groups == extents[1]
        let order = isDepthwise ? [1, 2, 3, 0] : [0, 2, 3, 1]
        let stored = try translation.stored(self.image.value, as: ONNXOrder.channelsLast(4))
        inputs = [stored, try translation.stored(filters, as: order)]
        self.operation =
            isDepthwise ? DepthwiseConvolution2D(window: window) : Convolution2D(window: window, groups: groups)
    }

    /// The image that the operator wrote, with the axes of the file.
    func result(_ id: ValueID, in translation: inout ONNXTranslation) throws -> ONNXValue {
        try image.result(id, in: &translation)
    }
}
