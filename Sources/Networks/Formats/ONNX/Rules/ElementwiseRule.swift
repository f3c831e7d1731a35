import Diagnostics
import Tensors

extension ONNXRule {
    /// `Relu`.
    static let relu = ONNXRule("Relu", operands: 1...1) { translation, operation in
        try rectified(.relu, operation, in: &translation)
    }

    /// `Clip` between 0 and 6, from 0 upwards, or without an end.
    static let clip = ONNXRule("Clip", operands: 1...3, attributes: ["min", "max"]) { translation, operation in
        let low = try translation.real(1, of: operation, default: operation.real("min", default: -.infinity))
        let high = try translation.real(2, of: operation, default: operation.real("max", default: .infinity))
        let unlimited = Float.greatestFiniteMagnitude
        let activation = Activation.allCases.first { activation in
            let (lower, upper) = activation.range
            return (lower ?? -.infinity) == (low <= -unlimited ? -.infinity : low)
                && (upper ?? .infinity) == (high >= unlimited ? .infinity : high)
        }
        guard let activation else { throw Diagnostic("a clamp to \(low)...\(high) is not supported") }
        if activation == .none { return try translation.operand(0, of: operation) }
        return try rectified(activation, operation, in: &translation)
    }

    /// `Sigmoid`.
    static let sigmoid = ONNXRule("Sigmoid", operands: 1...1) { translation, operation in
        let edge = try translation.edge(0, of: operation)
        try translation.requireReal(edge.id)
        return .edge(ONNXEdge(id: try translation.emit(Sigmoid(), [edge.id], of: operation), order: edge.order))
    }

    private static func rectified(
        _ activation: Activation, _ operation: ONNXOperation, in translation: inout ONNXTranslation
    ) throws -> ONNXValue {
        let edge = try translation.edge(0, of: operation)
        let value = translation.network[edge.id]
        let id = try translation.emit(
            Rectifier(activation: activation), [edge.id], of: operation, quantization: value.quantization)
        guard value.elementType == translation.network[id].elementType else {
            throw Diagnostic("takes real numbers, and '\(value.name)' holds integers without a scale")
        }
        return .edge(ONNXEdge(id: id, order: edge.order))
    }

    /// `Add` and `Sum` of two tensors.
    static let addition = ONNXRule("Add", operands: 2...2, translate: sum)
    static let sum = ONNXRule("Sum", operands: 2...2, translate: sum)

    @Sendable private static func sum(
        _ translation: inout ONNXTranslation, _ operation: ONNXOperation
    ) throws -> ONNXValue {
        let (left, right) = (try translation.operand(0, of: operation), try translation.operand(1, of: operation))
        if case .constant(let left) = left, case .constant(let right) = right {
            return .constant(try left.combined(with: right, as: operation, real: +, integer: &+))
        }
        let (operands, order) = try translation.aligned(left, right)
        for operand in operands { try translation.requireReal(operand) }
        return .edge(ONNXEdge(id: try translation.emit(Addition(), operands, of: operation), order: order))
    }
}

extension ONNXTranslation {
    /// An operand that depends on the network's inputs.
    func edge(_ index: Int, of operation: ONNXOperation) throws -> ONNXEdge {
        guard case .edge(let edge) = try operand(index, of: operation) else {
            throw Diagnostic("operand \(index) is a constant; this is not supported")
        }
        return edge
    }

    /// Two operands of equal rank in one order of axes, that of the first which is not a constant.
    mutating func aligned(_ left: ONNXValue, _ right: ONNXValue) throws -> ([ValueID], order: [Int]) {
        let rank = max(logicalShape(of: left).count, logicalShape(of: right).count)
        let operands = [try widened(left, to: rank), try widened(right, to: rank)]
        var order = ONNXOrder.identity(rank)
        for case .edge(let edge) in operands.reversed() { order = edge.order }
        return (try operands.map { try stored($0, as: order) }, order)
    }

    /// The value with axes of extent 1 in front.
    mutating func widened(_ value: ONNXValue, to rank: Int) throws -> ONNXValue {
        let extents = logicalShape(of: value)
        let added = rank - extents.count
        guard added > 0 else { return value }
        switch value {
        case .constant(var constant):
            constant.tensor = constant.tensor.reshaped(to: Shape(Array(repeating: 1, count: added) + extents))
            return .constant(constant)
        case .edge(let edge):
            let source = network[edge.id]
            let shape = Shape(Array(repeating: 1, count: added) + source.shape.extents)
            if let fixed = try fixed(edge.id, reshapedTo: shape) {
                return .edge(ONNXEdge(id: fixed, order: Array(0..<added) + edge.order.map { $0 + added }))
            }
            let id = try emitMove(
                Reshape(shape: shape), [edge.id], node: "reshape_\(source.name)", value: "\(source.name).reshaped")
            return .edge(ONNXEdge(id: id, order: Array(0..<added) + edge.order.map { $0 + added }))
        }
    }

    /// A constant, perhaps dequantized, under another shape, the constant itself reshaped; nil for other values.
    ///
    /// Axes of extent 1 may come and go only.
    mutating func fixed(_ id: ValueID, reshapedTo shape: Shape) throws -> ValueID? {
        if let constant = network[id].constant { return reshaped(constant, of: id, to: shape) }
        guard let producer = producers[id], network.nodes[producer].operation is Dequantize else { return nil }
        let source = network.nodes[producer].inputs[0]
        guard let constant = network[source].constant, let fixed = reshaped(constant, of: source, to: shape) else {
            return nil
        }
        return try emit(
            Dequantize(), [fixed], node: network.nodes[producer].name, value: network[id].name, type: .float32,
            quantization: nil)
    }

    private mutating func reshaped(_ constant: Tensor, of id: ValueID, to shape: Shape) -> ValueID? {
        var quantization = network[id].quantization
        if let axis = quantization?.axis {
            let place = constant.shape.extents[..<axis].count { $0 != 1 }
            guard let moved = shape.extents.indices.filter({ shape[$0] != 1 })[safely: place] else { return nil }
            quantization?.axis = moved
        }
        return network.append(
            Value(
                name: valueName(network[id].name), constant: constant.reshaped(to: shape), quantization: quantization))
    }
}
