import Diagnostics
import Tensors

extension ONNXRule {
    /// `Conv` on images, in groups or channel by channel.
    static let convolution = ONNXRule(
        "Conv", operands: 2...3, attributes: ONNXWindow.attributes.union(["group"])
    ) { translation, operation in
        let image = try translation.operand(0, of: operation)
        let layer = try ONNXConvolution(
            operation, image: translation.logicalShape(of: image),
            filters: translation.logicalShape(of: translation.operand(1, of: operation)))
        var inputs = try layer.operands(image, translation.operand(1, of: operation), in: &translation)
        for input in inputs { try translation.requireReal(input) }
        if operation.hasOperand(2) {
            inputs.append(try translation.storedAsInFile(translation.operand(2, of: operation)))
        }
        let id = try translation.emit(layer.operation, inputs, of: operation)
        return .edge(ONNXEdge(id: id, order: ONNXOrder.channelsLast(4)))
    }
}

/// The operator and the operand layouts of a convolution of ONNX.
struct ONNXConvolution {
    let operation: any Operator
    /// The filters' axes as the operator wants them, by their number in the file: outputs, inputs, height, width.
    let filterOrder: [Int]

    /// - Parameters:
    ///   - image: extents in the order batch, channels, height, width.
    ///   - filters: extents in the order outputs, inputs of a group, height, width.
    init(_ operation: ONNXOperation, image: [Int], filters: [Int]) throws {
        guard filters.count == 4, image.count == 4 else {
            throw Diagnostic("filters of \(filters.count) axes for an image of \(image.count); both have to have 4")
        }
        let window = try ONNXWindow(operation, extents: image, kernel: [filters[2], filters[3]]).window
        let groups = try operation.integer("group", default: 1)
        guard groups >= 1, filters[1] * groups == image[1], filters[0] > 0, filters[0] % groups == 0 else {
            throw Diagnostic("filters of \(filters) in \(groups) groups do not suit an image of \(image)")
        }
        if groups > 1, groups == image[1] {
            self.operation = DepthwiseConvolution2D(window: window)
            filterOrder = [1, 2, 3, 0]
        } else {
            self.operation = Convolution2D(window: window, groups: groups)
            filterOrder = [0, 2, 3, 1]
        }
    }

    /// Image and filters in the operator's layouts.
    func operands(
        _ image: ONNXValue, _ filters: ONNXValue, in translation: inout ONNXTranslation
    ) throws -> [ValueID] {
        guard translation.isFixed(filters) else { throw Diagnostic("the filters have to be constant") }
        let stored = try translation.stored(image, as: ONNXOrder.channelsLast(4))
        return [stored, try translation.stored(filters, as: filterOrder)]
    }
}
