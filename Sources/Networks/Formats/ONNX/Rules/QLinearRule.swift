import Diagnostics
import FixedPoint
import Tensors

/// Operators that take and give integers, with scales and zero points as operands.
extension ONNXRule {
    /// `QLinearConv`.
    static let integerConvolution = ONNXRule(
        "QLinearConv", operands: 8...9, attributes: ONNXWindow.attributes.union(["group"])
    ) { translation, operation in
        let input = try translation.quantization(1, of: operation, axis: nil)
        let weights = try translation.quantization(4, of: operation, axis: 0)
        let output = try translation.quantization(6, of: operation, axis: nil)
        let image = ONNXValue.edge(try translation.quantized(0, of: operation, as: input))
        let filters = ONNXValue.edge(try translation.quantized(3, of: operation, as: weights))
        let layer = try ONNXConvolution(
            operation, image: translation.logicalShape(of: image), filters: translation.logicalShape(of: filters))
        var inputs = try layer.operands(image, filters, in: &translation)
        if let bias = try integerBias(8, operation, input: input, weights: weights, in: &translation) {
            inputs.append(bias)
        }
        let id = try translation.emit(layer.operation, inputs, of: operation, quantization: output)
        return .edge(ONNXEdge(id: id, order: ONNXOrder.channelsLast(4)))
    }

    /// `QLinearMatMul` with a constant matrix on the right.
    static let integerMatMul = ONNXRule("QLinearMatMul", operands: 8...8) { translation, operation in
        let input = try translation.quantization(1, of: operation, axis: nil)
        let weights = try translation.quantization(4, of: operation, axis: 1)
        let output = try translation.quantization(6, of: operation, axis: nil)
        let rows = ONNXValue.edge(try translation.quantized(0, of: operation, as: input))
        let matrix = ONNXValue.edge(try translation.quantized(3, of: operation, as: weights))
        let extents = translation.logicalShape(of: rows)
        guard extents.count >= 2, extents.last == translation.logicalShape(of: matrix).first else {
            throw Diagnostic("factors of \(extents) and \(translation.logicalShape(of: matrix)) do not suit")
        }
        let inputs = try productOperands(rows, matrix, transposed: false, in: &translation)
        let id = try translation.emit(FullyConnected(), inputs, of: operation, quantization: output)
        return try ONNXRule.rows(id, like: extents, in: &translation)
    }

    /// `QGemm` with integer results.
    static let integerGemm = ONNXRule(
        "QGemm", domain: "com.microsoft", operands: 8...9, attributes: ["alpha", "transA", "transB"]
    ) { translation, operation in
        guard try operation.integer("transA", default: 0) == 0, try operation.real("alpha", default: 1) == 1 else {
            throw Diagnostic("a product with a factor or with the first matrix transposed is not supported")
        }
        let transposed = try operation.integer("transB", default: 0) != 0
        let input = try translation.quantization(1, of: operation, axis: nil)
        let weights = try translation.quantization(4, of: operation, axis: transposed ? 0 : 1)
        let output = try translation.quantization(7, of: operation, axis: nil)
        let rows = ONNXValue.edge(try translation.quantized(0, of: operation, as: input))
        let matrix = ONNXValue.edge(try translation.quantized(3, of: operation, as: weights))
        var inputs = try productOperands(rows, matrix, transposed: transposed, in: &translation)
        if let bias = try integerBias(6, operation, input: input, weights: weights, in: &translation) {
            inputs.append(bias)
        }
        let id = try translation.emit(FullyConnected(), inputs, of: operation, quantization: output)
        return .edge(ONNXEdge(id: id, order: [0, 1]))
    }

    /// `QLinearAdd`.
    static let integerAddition = ONNXRule(
        "QLinearAdd", domain: "com.microsoft", operands: 7...8
    ) { translation, operation in
        let left = try translation.quantization(1, of: operation, axis: nil)
        let right = try translation.quantization(4, of: operation, axis: nil)
        let output = try translation.quantization(6, of: operation, axis: nil)
        let first = try translation.quantized(0, of: operation, as: left)
        let second = try translation.quantized(3, of: operation, as: right)
        let (operands, order) = try translation.aligned(.edge(first), .edge(second))
        let id = try translation.emit(Addition(), operands, of: operation, quantization: output)
        return .edge(ONNXEdge(id: id, order: order))
    }

    /// `QLinearGlobalAveragePool`.
    static let integerGlobalAveragePool = ONNXRule(
        "QLinearGlobalAveragePool", domain: "com.microsoft", operands: 5...5, attributes: ["channels_last"]
    ) { translation, operation in
        let input = try translation.quantization(1, of: operation, axis: nil)
        let output = try translation.quantization(3, of: operation, axis: nil)
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
        guard try operation.integer("channels_last", default: 0) == 0 else {
            throw Diagnostic("pooling with channels last is not supported")
        }
        let input = try translation.quantization(1, of: operation, axis: nil)
        let output = try translation.quantization(3, of: operation, axis: nil)
        let image = try translation.quantized(0, of: operation, as: input)
        let id = try averagePool(.edge(image), operation, quantization: output, in: &translation)
        return .edge(ONNXEdge(id: id, order: ONNXOrder.channelsLast(4)))
    }

    /// The int32 bias at `index`, in units of the product of the scales.
    private static func integerBias(
        _ index: Int, _ operation: ONNXOperation, input: Quantization, weights: Quantization,
        in translation: inout ONNXTranslation
    ) throws -> ValueID? {
        guard operation.hasOperand(index) else { return nil }
        let bias = try translation.constant(index, of: operation)
        let scales = weights.scales.map { $0 * input.scale }
        let quantization = Quantization(
            format: .int32, scales: scales, zeroPoints: scales.map { _ in 0 }, axis: scales.count == 1 ? nil : 0)
        guard bias.shape.rank == 1 || bias.shape.elementCount == bias.shape.extents.last else {
            throw Diagnostic("a bias of \(bias.shape)")
        }
        return try translation.quantized(index, of: operation, as: quantization).id
    }
}
