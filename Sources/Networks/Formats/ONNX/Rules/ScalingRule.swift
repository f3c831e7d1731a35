import Diagnostics
import Foundation
import Tensors

extension ONNXRule {
    /// `Sub`.
    static let subtraction = ONNXRule("Sub", operands: 2...2) { translation, operation in
        let left = try translation.operand(0, of: operation)
        guard case .constant(var right) = try translation.operand(1, of: operation) else {
            return try combined(Subtraction(), operation, in: &translation)
        }
        if case .constant(let left) = left {
            return .constant(try left.combined(with: right, as: operation, real: -, integer: &-))
        }
        guard right.tensor.elementType == .float32 else { throw Diagnostic("takes real numbers") }
        right.name += ".negated"
        right.tensor = Tensor(right.tensor.shape, right.tensor.floats.map { -$0 })
        let (operands, order) = try translation.aligned(left, .constant(right))
        for operand in operands { try translation.requireReal(operand) }
        return .edge(ONNXEdge(id: try translation.emit(Addition(), operands, of: operation), order: order))
    }

    /// `Mul`; by a constant that is one factor, or one for each channel, a normalization.
    static let multiplication = ONNXRule("Mul", operands: 2...2) { translation, operation in
        let (left, right) = (try translation.operand(0, of: operation), try translation.operand(1, of: operation))
        switch (left, right) {
        case (.constant(let left), .constant(let right)):
            return .constant(try left.combined(with: right, as: operation, real: *, integer: &*))
        case (.edge(let edge), .constant(let factor)), (.constant(let factor), .edge(let edge)):
            guard isForChannels(factor, of: edge, in: translation) else {
                return try combined(Multiplication(), operation, in: &translation)
            }
            return try scaled(edge, by: factor, operation, in: &translation) { $0 }
        case (.edge, .edge): return try combined(Multiplication(), operation, in: &translation)
        }
    }

    /// Both operands of `operation`, real, element by element.
    private static func combined(
        _ kind: any Operator, _ operation: ONNXOperation, in translation: inout ONNXTranslation
    ) throws -> ONNXValue {
        let (operands, order) = try translation.aligned(
            translation.operand(0, of: operation), translation.operand(1, of: operation))
        for operand in operands { try translation.requireReal(operand) }
        return .edge(ONNXEdge(id: try translation.emit(kind, operands, of: operation), order: order))
    }

    /// Whether a constant holds one factor, or one for each channel of the axis that is stored innermost.
    private static func isForChannels(
        _ constant: ONNXConstant, of edge: ONNXEdge, in translation: ONNXTranslation
    ) -> Bool {
        let extents = translation.logicalShape(of: .edge(edge))
        let shape = constant.tensor.shape.extents
        guard let channels = edge.order.last, shape.count <= extents.count else { return false }
        let widened = Array(repeating: 1, count: extents.count - shape.count) + shape
        return widened.indices.allSatisfy {
            widened[$0] == 1 || ($0 == channels && widened[$0] == extents[channels])
        }
    }

    /// `Div` by a constant: one divisor, or one for each channel.
    static let division = ONNXRule("Div", operands: 2...2) { translation, operation in
        let left = try translation.operand(0, of: operation)
        guard case .constant(let right) = try translation.operand(1, of: operation) else {
            throw Diagnostic("a division by a computed tensor is not supported")
        }
        switch left {
        case .constant(let left):
            return .constant(
                try left.combined(with: right, as: operation, real: /, integer: quotient))
        case .edge(let edge): return try scaled(edge, by: right, operation, in: &translation) { 1 / $0 }
        }
    }

    @Sendable private static func quotient(_ left: Int, _ right: Int) -> Int? {
        let (value, overflow) = left.dividedReportingOverflow(by: right)
        return overflow ? nil : value
    }

    /// A factor for each channel, written as a normalization by mean 0 and variance 1.
    private static func scaled(
        _ edge: ONNXEdge, by constant: ONNXConstant, _ operation: ONNXOperation, in translation: inout ONNXTranslation,
        factor: (Float) -> Float
    ) throws -> ONNXValue {
        try translation.requireReal(edge.id)
        let extents = translation.logicalShape(of: .edge(edge))
        guard let channels = edge.order.last, isForChannels(constant, of: edge, in: translation) else {
            throw Diagnostic("a factor of \(constant.tensor.shape) for a tensor of \(extents) is not supported")
        }
        var factors = constant.tensor.floats.map(factor)
        let count = extents[channels]
        if factors.count == 1 { factors = Array(repeating: factors[0], count: count) }
        guard factors.allSatisfy(\.isFinite) else { throw Diagnostic("a factor is not finite") }
        let (zeros, ones) = (Array(repeating: Float(0), count: count), Array(repeating: Float(1), count: count))
        var inputs = [edge.id]
        for (name, values) in [("scale", factors), ("shift", zeros), ("mean", zeros), ("variance", ones)] {
            let name = translation.valueName("\(operation.stem).\(name)")
            inputs.append(translation.network.append(Value(name: name, constant: Tensor([count], values))))
        }
        let id = try translation.emit(BatchNormalization(epsilon: 0), inputs, of: operation)
        return .edge(ONNXEdge(id: id, order: edge.order))
    }
}
