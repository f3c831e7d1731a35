import Diagnostics
import FixedPoint
import Tensors

/// Operators without weights that take and give integers, with scales and zero points as operands.
extension ONNXRule {
    /// `QLinearAdd`.
    static let integerAddition = ONNXRule(
        "QLinearAdd", domain: "com.microsoft", operands: 7...8
    ) { translation, operation in
        try pairwise(Addition(), operation, in: &translation)
    }

    /// `QLinearMul`.
    static let integerMultiplication = ONNXRule(
        "QLinearMul", domain: "com.microsoft", operands: 7...8
    ) { translation, operation in
        try pairwise(Multiplication(), operation, in: &translation)
    }

    /// `QLinearSigmoid`.
    static let integerSigmoid = ONNXRule(
        "QLinearSigmoid", domain: "com.microsoft", operands: 4...5
    ) { translation, operation in
        try single(Sigmoid(), operation, in: &translation)
    }

    /// `QLinearLeakyRelu`.
    static let integerLeakyRectifier = ONNXRule(
        "QLinearLeakyRelu", domain: "com.microsoft", operands: 4...5, attributes: ["alpha"]
    ) { translation, operation in
        let alpha = try operation.real("alpha", default: 0.01)
        return try single(LeakyRectifier(alpha: alpha), operation, in: &translation)
    }

    /// `QLinearSoftmax`; its attribute says which version of `Softmax` it follows.
    static let integerSoftmax = ONNXRule(
        "QLinearSoftmax", domain: "com.microsoft", operands: 4...5, attributes: ["axis", "opset"]
    ) { translation, operation in
        let input = try translation.quantization(behind: 0, of: operation)
        let output = try translation.quantization(3, of: operation, axis: nil, format: input.format)
        let edge = try translation.quantized(0, of: operation, as: input)
        let version = try operation.integer("opset", default: translation.version)
        return try softmax(.edge(edge), operation, version: version, quantization: output, in: &translation)
    }

    /// `QLinearConcat`.
    static let integerConcatenation = ONNXRule(
        "QLinearConcat", domain: "com.microsoft", operands: 5...1024, attributes: ["axis"]
    ) { translation, operation in
        guard operation.node.input.count % 3 == 2 else {
            throw Diagnostic("tensors have to have scales and zero points")
        }
        let output = try translation.quantization(0, of: operation, axis: nil)
        let edges = try stride(from: 2, to: operation.node.input.count, by: 3).map { place in
            let quantization = try translation.quantization(behind: place, of: operation)
            return try translation.quantized(place, of: operation, as: quantization)
        }
        let order = edges[0].order
        let axis = try translation.axis(operation.integer("axis", default: 0), rank: order.count)
        let inputs = try edges.map { try translation.stored(.edge($0), as: order) }
        guard let place = order.firstIndex(of: axis) else { throw Diagnostic("axis \(axis) of \(order.count) axes") }
        let id = try translation.emit(Concatenation(axis: place), inputs, of: operation, quantization: output)
        return .edge(ONNXEdge(id: id, order: order))
    }

    /// Two tensors element by element; the runtime wants the one that is repeated along the innermost axis second.
    private static func pairwise(
        _ kind: any Operator, _ operation: ONNXOperation, in translation: inout ONNXTranslation
    ) throws -> ONNXValue {
        let left = try translation.quantization(behind: 0, of: operation)
        let right = try translation.quantization(behind: 3, of: operation)
        let output = try translation.quantization(6, of: operation, axis: nil, format: left.format)
        let first = ONNXValue.edge(try translation.quantized(0, of: operation, as: left))
        let second = ONNXValue.edge(try translation.quantized(3, of: operation, as: right))
        let isRepeated = isRepeatedInnermost(
            translation.logicalShape(of: first), against: translation.logicalShape(of: second))
        let (operands, order) = try translation.aligned(isRepeated ? second : first, isRepeated ? first : second)
        let id = try translation.emit(kind, operands, of: operation, quantization: output)
        return .edge(ONNXEdge(id: id, order: order))
    }

    /// Whether a tensor has one element where the result has several along the innermost axis, or one element in all.
    private static func isRepeatedInnermost(_ extents: [Int], against others: [Int]) -> Bool {
        let rank = max(extents.count, others.count)
        func widened(_ extents: [Int]) -> [Int] { Array(repeating: 1, count: rank - extents.count) + extents }
        let pairs = zip(widened(extents), widened(others))
        let innermost = pairs.reversed().first { $0.0 != 1 || $0.1 != 1 }
        return innermost.map { $0.0 == 1 } ?? true
    }

    /// One tensor element by element.
    private static func single(
        _ kind: any Operator, _ operation: ONNXOperation, in translation: inout ONNXTranslation
    ) throws -> ONNXValue {
        let input = try translation.quantization(behind: 0, of: operation)
        let output = try translation.quantization(3, of: operation, axis: nil, format: input.format)
        let edge = try translation.quantized(0, of: operation, as: input)
        let id = try translation.emit(kind, [edge.id], of: operation, quantization: output)
        return .edge(ONNXEdge(id: id, order: edge.order))
    }
}
