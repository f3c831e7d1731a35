import Diagnostics
import FixedPoint
import Tensors

/// Pooling that takes and gives integers, with scales and zero points as operands.
extension ONNXRule {
    /// `QLinearGlobalAveragePool`.
    static let integerGlobalAveragePool = ONNXRule(
        "QLinearGlobalAveragePool", domain: "com.microsoft", operands: 4...5, attributes: ["channels_last"]
    ) { translation, operation in
        let input = try translation.quantization(behind: 0, of: operation)
        let output = try translation.quantization(3, of: operation, axis: nil, format: input.format)
        let image = try translation.quantized(0, of: operation, as: input)
        let rank = image.order.count
        guard rank >= 3 else { throw Diagnostic("a tensor of \(rank) axes has no image") }
        let isLast = try operation.integer("channels_last", default: 0) != 0
        let order = isLast ? ONNXOrder.identity(rank) : ONNXOrder.channelsLast(rank)
        let stored = try translation.stored(.edge(image), as: order)
        let kind = Mean(axes: Array(1..<rank - 1), keepsAxes: true)
        let id = try translation.emit(kind, [stored], of: operation, quantization: output)
        return .edge(ONNXEdge(id: id, order: order))
    }

    /// `QLinearAveragePool`.
    static let integerAveragePool = ONNXRule(
        "QLinearAveragePool", domain: "com.microsoft", operands: 4...5,
        attributes: ONNXWindow.attributes.union(["ceil_mode", "count_include_pad", "channels_last"])
    ) { translation, operation in
        let input = try translation.quantization(behind: 0, of: operation)
        let output = try translation.quantization(3, of: operation, axis: nil, format: input.format)
        let edge = try translation.quantized(0, of: operation, as: input)
        let isLast = try operation.integer("channels_last", default: 0) != 0
        let order = isLast ? ONNXOrder.identity(4) : ONNXOrder.channelsLast(4)
        let image = try ONNXImage(.edge(edge), order: order, in: &translation)
        return try averagePool(image, operation, quantization: output, in: &translation)
    }
}
