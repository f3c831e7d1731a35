import Diagnostics
import FixedPoint
import Tensors

extension ONNXRule {
    static let quantize = quantize(domain: "")
    static let contributedQuantize = quantize(domain: "com.microsoft")
    static let dequantize = dequantize(domain: "")
    static let contributedDequantize = dequantize(domain: "com.microsoft")

    /// `QuantizeLinear` with a constant scale.
    private static func quantize(domain: String) -> ONNXRule {
        ONNXRule(
            "QuantizeLinear", domain: domain, operands: 2...3,
            attributes: ["axis", "saturate", "block_size", "output_dtype", "precision"]
        ) { translation, operation in
            let value = try translation.operand(0, of: operation)
            let axis = try scaleAxis(of: operation, rank: translation.logicalShape(of: value).count)
            let number = try operation.integer("output_dtype", default: 0)
            let type = number == 0 ? .uint8 : try ONNXElementType(checking: Int32(clamping: number)).stored
            var quantization = try translation.quantization(
                1, of: operation, axis: axis, format: ONNXTranslation.format(of: type))
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
    }

    /// `DequantizeLinear`.
    private static func dequantize(domain: String) -> ONNXRule {
        ONNXRule(
            "DequantizeLinear", domain: domain, operands: 2...3, attributes: ["axis", "block_size", "output_dtype"]
        ) { translation, operation in
            guard case .constant = try translation.operand(1, of: operation) else {
                return try rescaled(operation, in: &translation)
            }
            let value = try translation.operand(0, of: operation)
            let axis = try scaleAxis(of: operation, rank: translation.logicalShape(of: value).count)
            let quantization = try translation.quantization(behind: 0, of: operation, axis: axis)
            let edge = try translation.quantized(0, of: operation, as: quantization)
            let id = try translation.emit(Dequantize(), [edge.id], of: operation)
            return .edge(ONNXEdge(id: id, order: edge.order))
        }
    }

    /// Integers less their zero point, as reals, times a computed scale.
    private static func rescaled(
        _ operation: ONNXOperation, in translation: inout ONNXTranslation
    ) throws -> ONNXValue {
        let centered = try translation.centered(0, zeroPoint: 2, axis: nil, of: operation)
        var source = centered.id
        if let quantization = translation.network[source].quantization {
            let plain = Quantization(format: quantization.format, scale: 1, zeroPoint: quantization.zeroPoint)
            source = try translation.labelled(source, as: plain)
        }
        let real = try translation.emit(
            Dequantize(), [source], node: "dequantize_\(operation.stem)", value: "\(operation.stem).steps",
            type: .float32, quantization: nil)
        let scale = try translation.operand(1, of: operation)
        let (operands, order) = try translation.aligned(.edge(ONNXEdge(id: real, order: centered.order)), scale)
        guard translation.network[operands[1]].shape.elementCount == 1 else {
            throw Diagnostic("several computed scales are not supported")
        }
        let id = try translation.emit(Multiplication(), operands, of: operation)
        return .edge(ONNXEdge(id: id, order: order))
    }

    /// `DynamicQuantizeLinear`: integers, scale and zero point.
    static let dynamicQuantize = ONNXRule("DynamicQuantizeLinear", operands: 1...1) { translation, operation in
        let edge = try translation.edge(0, of: operation)
        try translation.requireReal(edge.id)
        let results = try translation.emit(
            DynamicQuantize(), [edge.id], of: operation, types: [.uint8, .float32, .uint8])
        translation.furtherResults = results.dropFirst().map { .edge(ONNXEdge(id: $0, order: [])) }
        return .edge(ONNXEdge(id: results[0], order: edge.order))
    }

    private static func scaleAxis(of operation: ONNXOperation, rank: Int) throws -> Int? {
        guard try operation.integer("block_size", default: 0) == 0 else {
            throw Diagnostic("scales of blocks are not supported")
        }
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
