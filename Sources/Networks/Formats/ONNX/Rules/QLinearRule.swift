import Diagnostics
import FixedPoint
import Tensors

/// Layers that take and give integers, with scales and zero points as operands.
extension ONNXRule {
    /// `QLinearConv`.
    static let integerConvolution = ONNXRule(
        "QLinearConv", operands: 8...9, attributes: ONNXWindow.attributes.union(["group"])
    ) { translation, operation in
        let input = try translation.quantization(behind: 0, of: operation)
        let weights = try translation.quantization(behind: 3, of: operation, axis: 0)
        let output = try translation.quantization(6, of: operation, axis: nil, format: input.format)
        let image = ONNXValue.edge(try translation.quantized(0, of: operation, as: input))
        let filters = ONNXValue.edge(try translation.quantized(3, of: operation, as: weights))
        let layer = try ONNXConvolution(operation, image: image, filters: filters, in: &translation)
        var inputs = layer.inputs
        let outputs = translation.logicalShape(of: filters)[0]
        if let bias = try integerBias(
            8, operation, outputs: outputs, input: input, weights: weights, in: &translation)
        {
            inputs.append(bias)
        }
        let id = try translation.emit(layer.operation, inputs, of: operation, quantization: output)
        return try layer.result(id, in: &translation)
    }

    /// `QLinearMatMul`.
    static let integerMatMul = ONNXRule("QLinearMatMul", operands: 8...8) { translation, operation in
        let input = try translation.quantization(behind: 0, of: operation)
        let rank = translation.logicalShape(of: try translation.operand(3, of: operation)).count
        let weights = try translation.quantization(behind: 3, of: operation, axis: rank - 1)
        let output = try translation.quantization(6, of: operation, axis: nil, format: input.format)
        let rows = ONNXValue.edge(try translation.quantized(0, of: operation, as: input))
        let matrix = ONNXValue.edge(try translation.quantized(3, of: operation, as: weights))
        return try ONNXRule.product(
            rows, matrix, operation, type: output.storage, quantization: output, in: &translation)
    }

    /// `QGemm`: integers on the output's grid, or reals where it has none.
    static let integerGemm = ONNXRule(
        "QGemm", domain: "com.microsoft", operands: 6...9, attributes: ["alpha", "transA", "transB"]
    ) { translation, operation in
        let isTransposed = try operation.integer("transB", default: 0) != 0
        var input = try translation.quantization(behind: 0, of: operation)
        input.scales[0] *= try operation.real("alpha", default: 1)
        let weights = try translation.quantization(behind: 3, of: operation, axis: isTransposed ? 0 : 1)
        let rows = ONNXValue.edge(try translation.quantized(0, of: operation, as: input))
        let matrix = ONNXValue.edge(try translation.quantized(3, of: operation, as: weights))
        guard translation.logicalShape(of: rows).count == 2 else { throw Diagnostic("the first operand is no matrix") }
        var inputs = try productOperands(
            rows, matrix, transposed: isTransposed, in: &translation,
            order: try operation.integer("transA", default: 0) != 0 ? [1, 0] : [0, 1])
        let outputs = translation.network[inputs[1]].shape[0]
        if let bias = try integerBias(
            6, operation, outputs: outputs, input: input, weights: weights, in: &translation)
        {
            inputs.append(bias)
        }
        guard operation.hasOperand(7) else {
            let scales = weights.scales.map { input.scale * $0 }
            let sums = Quantization(
                format: .int32, scales: scales, zeroPoints: scales.map { _ in 0 }, axis: scales.count == 1 ? nil : 1)
            let raw = try translation.emit(FullyConnected(), inputs, of: operation, type: .int32)
            let real = try translation.reinterpreted(raw, as: sums)
            return .edge(ONNXEdge(id: try translation.emit(Dequantize(), [real], of: operation), order: [0, 1]))
        }
        let output = try translation.quantization(7, of: operation, axis: nil, format: input.format)
        let id = try translation.emit(FullyConnected(), inputs, of: operation, quantization: output)
        return .edge(ONNXEdge(id: id, order: [0, 1]))
    }

    /// The int32 bias at `index`, in units of the product of the scales: one for each output, or one for all.
    private static func integerBias(
        _ index: Int, _ operation: ONNXOperation, outputs: Int, input: Quantization, weights: Quantization,
        in translation: inout ONNXTranslation
    ) throws -> ValueID? {
        guard operation.hasOperand(index) else { return nil }
        let bias = try translation.constant(index, of: operation)
        let name = operation.node.input[index]
        guard case .int32(var elements) = bias.elements, bias.shape.elementCount == bias.shape.extents.last ?? 1,
            elements.count == outputs || elements.count == 1
        else { throw Diagnostic("'\(name)': a bias of \(bias.shape) for \(outputs) outputs") }
        if elements.count == 1 { elements = Array(repeating: elements[0], count: outputs) }
        let scales = weights.scales.map { $0 * input.scale }
        if let fault = Quantization.fault(ofScales: scales) { throw Diagnostic("'\(name)': \(fault)") }
        let quantization = Quantization(
            format: .int32, scales: scales, zeroPoints: scales.map { _ in 0 }, axis: scales.count == 1 ? nil : 0)
        let constant = Tensor(shape: [outputs], elements: .int32(elements))
        return translation.network.append(
            Value(name: translation.valueName(name), constant: constant, quantization: quantization))
    }
}
