import Diagnostics
import Foundation
import Tensors

extension ONNXRule {
    /// `Sub` of a constant.
    static let subtraction = ONNXRule("Sub", operands: 2...2) { translation, operation in
        let left = try translation.operand(0, of: operation)
        guard case .constant(var right) = try translation.operand(1, of: operation) else {
            throw Diagnostic("a difference of two computed tensors is not supported")
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

    /// `Mul` by a constant: one factor, or one for each channel.
    static let multiplication = ONNXRule("Mul", operands: 2...2) { translation, operation in
        let (left, right) = (try translation.operand(0, of: operation), try translation.operand(1, of: operation))
        switch (left, right) {
        case (.constant(let left), .constant(let right)):
            return .constant(try left.combined(with: right, as: operation, real: *, integer: &*))
        case (.edge(let edge), .constant(let factor)), (.constant(let factor), .edge(let edge)):
            return try scaled(edge, by: factor, operation, in: &translation) { $0 }
        case (.edge, .edge): throw Diagnostic("a product of two computed tensors is not supported")
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
        var shape = constant.tensor.shape.extents
        while shape.count < extents.count { shape.insert(1, at: 0) }
        guard let channels = edge.order.last, shape.count == extents.count,
            shape.indices.allSatisfy({ shape[$0] == 1 || ($0 == channels && shape[$0] == extents[channels]) })
        else { throw Diagnostic("a factor of \(constant.tensor.shape) for a tensor of \(extents) is not supported") }
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
