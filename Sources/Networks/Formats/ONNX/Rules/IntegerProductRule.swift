import Diagnostics
import FixedPoint
import Tensors

/// Layers whose results are the int32 sums themselves.
extension ONNXRule {
    /// `ConvInteger`.
    static let convolutionSums = ONNXRule(
        "ConvInteger", operands: 2...4, attributes: ONNXWindow.attributes.union(["group"])
    ) { translation, operation in
        let image = try translation.centered(0, zeroPoint: 2, axis: nil, of: operation)
        let filters = try translation.centered(1, zeroPoint: 3, axis: 0, of: operation)
        let layer = try ONNXConvolution(operation, image: .edge(image), filters: .edge(filters), in: &translation)
        let id = try translation.emit(layer.operation, layer.inputs, of: operation, type: .int32)
        return try layer.result(id, in: &translation)
    }

    /// `MatMulInteger`.
    static let productSums = ONNXRule("MatMulInteger", operands: 2...4) { translation, operation in
        let rank = translation.logicalShape(of: try translation.operand(1, of: operation)).count
        let rows = try translation.centered(0, zeroPoint: 2, axis: nil, of: operation)
        let matrix = try translation.centered(1, zeroPoint: 3, axis: rank - 1, of: operation)
        return try product(.edge(rows), .edge(matrix), operation, type: .int32, quantization: nil, in: &translation)
    }
}

extension ONNXTranslation {
    /// The integers at `index` with the zero point at `zeroPoint`, if there is one: as a quantization of scale 1, or less a
    /// computed one.
    mutating func centered(
        _ index: Int, zeroPoint: Int, axis: Int?, of operation: ONNXOperation
    ) throws -> ONNXEdge {
        let value = try operand(index, of: operation)
        let format = try ONNXTranslation.format(of: elementType(of: value))
        guard operation.hasOperand(zeroPoint) else {
            return try quantized(index, of: operation, as: Quantization(format: format, scale: 1))
        }
        if case .edge(let offset) = try operand(zeroPoint, of: operation) {
            return try centered(index, by: offset, axis: axis, of: operation)
        }
        let tensor = try constant(zeroPoint, of: operation)
        let name = operation.node.input[zeroPoint]
        guard let integers = tensor.integers, tensor.elementType == elementType(of: value) else {
            throw Diagnostic("'\(name)' is no zero point of \(format.bits)-bit integers of the tensor's type")
        }
        guard
            integers.count == 1 || (axis != nil && tensor.shape.extents.allSatisfy { $0 == 1 || $0 == integers.count })
        else { throw Diagnostic("'\(name)': \(integers.count) zero points where one is expected") }
        let ones = integers.map { _ in Float(1) }
        return try quantized(
            index, of: operation,
            as: Quantization(format: format, scales: ones, zeroPoints: integers, axis: ones.count == 1 ? nil : axis))
    }

    /// The integers at `index` less a computed zero point.
    private mutating func centered(
        _ index: Int, by offset: ONNXEdge, axis: Int?, of operation: ONNXOperation
    ) throws -> ONNXEdge {
        let edge = try edge(index, of: operation)
        guard network[offset.id].shape.elementCount == 1 || axis == edge.order.last else {
            throw Diagnostic("'\(network[offset.id].name)': several computed zero points are not supported here")
        }
        let id = try emit(
            Centering(), [edge.id, offset.id], node: "center_\(operation.stem)", value: "\(operation.stem).centered",
            type: .int16, quantization: Quantization(format: .int16, scale: 1))
        return ONNXEdge(id: id, order: edge.order)
    }
}
