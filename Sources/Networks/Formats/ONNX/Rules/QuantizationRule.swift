import Diagnostics
import FixedPoint
import Tensors

extension ONNXRule {
    /// `QuantizeLinear` with a constant scale.
    static let quantize = ONNXRule("QuantizeLinear", operands: 2...3, attributes: ["axis"]) { translation, operation in
        let value = try translation.operand(0, of: operation)
        let axis = try scaleAxis(of: operation, rank: translation.logicalShape(of: value).count)
        var quantization = try translation.quantization(1, of: operation, axis: axis)
        switch value {
        case .constant(let constant):
            guard constant.tensor.elementType == .float32 else { throw Diagnostic("takes real numbers") }
            let fixed = Value(
                name: translation.valueName(operation.node.output.first ?? ""),
                constant: try constant.tensor.quantized(to: quantization), quantization: quantization)
            return .edge(
                ONNXEdge(id: translation.network.append(fixed), order: ONNXOrder.identity(fixed.shape.rank)))
        case .edge(let edge):
            try translation.requireReal(edge.id)
            quantization.axis = quantization.axis.flatMap { edge.order.firstIndex(of: $0) }
            let id = try translation.emit(Quantize(), [edge.id], of: operation, quantization: quantization)
            return .edge(ONNXEdge(id: id, order: edge.order))
        }
    }

    /// `DequantizeLinear` with a constant scale.
    static let dequantize = ONNXRule(
        "DequantizeLinear", operands: 2...3, attributes: ["axis"]
    ) { translation, operation in
        let value = try translation.operand(0, of: operation)
        let axis = try scaleAxis(of: operation, rank: translation.logicalShape(of: value).count)
        let type: ElementType =
            switch value {
            case .constant(let constant): constant.tensor.elementType
            case .edge(let edge): translation.network[edge.id].elementType
            }
        let quantization = try translation.quantization(
            1, of: operation, axis: axis, format: ONNXTranslation.format(of: type))
        let edge = try translation.quantized(0, of: operation, as: quantization)
        return .edge(ONNXEdge(id: try translation.emit(Dequantize(), [edge.id], of: operation), order: edge.order))
    }

    private static func scaleAxis(of operation: ONNXOperation, rank: Int) throws -> Int? {
        let axis = try operation.integer("axis", default: 1)
        let counted = axis < 0 ? axis + rank : axis
        return (0..<rank).contains(counted) ? counted : nil
    }
}

extension Tensor {
    /// Integers of real elements, rounded half to even.
    ///
    /// - Throws: `Diagnostic` when the quantization does not suit the shape.
    func quantized(to quantization: Quantization) throws -> Tensor {
        if let fault = quantization.fault(for: shape) { throw Diagnostic(fault) }
        let inner = quantization.axis.map { shape.extents[($0 + 1)...].reduce(1, *) } ?? 1
        let count = quantization.scales.count
        let format = quantization.format
        let integers = floats.enumerated().map { place, value in
            let channel = quantization.axis == nil ? 0 : place / inner % count
            let steps = (value / quantization.scales[channel]).rounded(.toNearestOrEven)
            let shifted = Double(steps.isNaN ? 0 : steps) + Double(quantization.zeroPoints[channel])
            return Int(max(Double(format.minimum), min(Double(format.maximum), shifted)))
        }
        guard let tensor = Tensor(shape, integers: integers, storedAs: quantization.storage) else {
            throw Diagnostic("an element does not fit into \(quantization.storage.rawValue)")
        }
        return tensor
    }
}
