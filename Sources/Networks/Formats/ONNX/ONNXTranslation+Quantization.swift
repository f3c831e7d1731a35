import Diagnostics
import FixedPoint
import Tensors

/// Scales and zero points that the operands of an operation carry.
extension ONNXTranslation {
    /// The quantization that a constant scale and a constant zero point at `index` and `index + 1` state.
    ///
    /// Several scales or zero points belong to `axis` of the file's order. Without a zero point the integers are `format`,
    /// from 0.
    func quantization(
        _ index: Int, of operation: ONNXOperation, axis: Int?, format: NumberFormat = .uint8
    ) throws -> Quantization {
        let (name, scale) = (operation.node.input[safely: index] ?? "", try constant(index, of: operation))
        guard scale.elementType == .float32, !scale.floats.isEmpty else {
            throw Diagnostic("operand \(index), '\(name)', has to hold real scales")
        }
        var (scales, zeroPoints, format) = (scale.floats, [0], format)
        if let fault = Quantization.fault(ofScales: scales) { throw Diagnostic("'\(name)': \(fault)") }
        if operation.hasOperand(index + 1) {
            let tensor = try constant(index + 1, of: operation)
            guard let integers = tensor.integers, !integers.isEmpty else {
                throw Diagnostic("operand \(index + 1), '\(operation.node.input[index + 1])', has to hold zero points")
            }
            (zeroPoints, format) = (integers, try ONNXTranslation.format(of: tensor.elementType))
        }
        let count = max(scales.count, zeroPoints.count)
        if scales.count == 1 { scales = Array(repeating: scales[0], count: count) }
        if zeroPoints.count == 1 { zeroPoints = Array(repeating: zeroPoints[0], count: count) }
        guard scales.count == zeroPoints.count else {
            throw Diagnostic("'\(name)': \(scales.count) scales with \(zeroPoints.count) zero points")
        }
        guard count == 1 || (axis != nil && scale.shape.extents.allSatisfy { $0 == 1 || $0 == count }) else {
            throw Diagnostic("'\(name)': \(count) scales or zero points where one is expected")
        }
        return Quantization(format: format, scales: scales, zeroPoints: zeroPoints, axis: count == 1 ? nil : axis)
    }

    /// The quantization of the operand at `place`, whose scale and zero point are those behind it.
    func quantization(behind place: Int, of operation: ONNXOperation, axis: Int? = nil) throws -> Quantization {
        let type = elementType(of: try operand(place, of: operation))
        return try quantization(place + 1, of: operation, axis: axis, format: try ONNXTranslation.format(of: type))
    }

    /// The format of integers that are stored in `type`.
    static func format(of type: ElementType) throws -> NumberFormat {
        switch type {
        case .int8: .int8
        case .uint8: .uint8
        case .int16: .int16
        case .int32: .int32
        case .float32, .int64: throw Diagnostic("\(type.rawValue) elements cannot be quantized integers")
        }
    }

    /// How the elements of a value are stored.
    func elementType(of value: ONNXValue) -> ElementType {
        switch value {
        case .constant(let constant): constant.tensor.elementType
        case .edge(let edge): network[edge.id].elementType
        }
    }

    /// The operand at `index` as integers under `quantization`.
    mutating func quantized(
        _ index: Int, of operation: ONNXOperation, as quantization: Quantization
    ) throws -> ONNXEdge {
        switch try operand(index, of: operation) {
        case .constant(let constant):
            guard constant.tensor.elementType == quantization.storage else {
                throw Diagnostic("'\(constant.name)' holds \(constant.tensor.elementType.rawValue) elements")
            }
            let value = Value(
                name: valueName(constant.name), constant: constant.tensor, quantization: quantization)
            if let fault = quantization.fault(for: value.shape) { throw Diagnostic("'\(constant.name)': \(fault)") }
            return ONNXEdge(id: network.append(value), order: ONNXOrder.identity(value.shape.rank))
        case .edge(let edge):
            var stored = quantization
            stored.axis = quantization.axis.flatMap { edge.order.firstIndex(of: $0) }
            return ONNXEdge(id: try labelled(edge.id, as: stored), order: edge.order)
        }
    }

    /// The integers of a value under a quantization: the value itself where that is free or the same, a copy otherwise.
    mutating func labelled(_ id: ValueID, as quantization: Quantization) throws -> ValueID {
        let value = network[id]
        guard value.quantization != quantization else { return id }
        guard value.elementType == quantization.storage else {
            throw Diagnostic("reads '\(value.name)' as integers of another type than it has")
        }
        if let fault = quantization.fault(for: value.shape) { throw Diagnostic("'\(value.name)': \(fault)") }
        guard isFree(id) else { return try reinterpreted(id, as: quantization) }
        var copy: ValueID? = id
        while let current = copy, network[current].quantization == nil {
            network[current].quantization = quantization
            copy = quantization.axis == nil ? origins[current] : nil
        }
        return id
    }

    /// Whether nothing says what the integers of a value stand for: those of an input of the network, or copies of them.
    private func isFree(_ id: ValueID) -> Bool {
        var root = id
        while network[root].quantization == nil, let origin = origins[root] { root = origin }
        return network[root].quantization == nil && network[root].constant == nil && producers[root] == nil
    }

    /// A copy of integers that stands for other reals.
    mutating func reinterpreted(_ id: ValueID, as quantization: Quantization) throws -> ValueID {
        let value = network[id]
        return try emit(
            Reinterpretation(), [id], node: "reinterpret_\(value.name)", value: "\(value.name).reinterpreted",
            type: value.elementType, quantization: quantization)
    }
}

extension Array {
    /// The element at `index`, or nil where there is none.
    subscript(safely index: Int) -> Element? {
        indices.contains(index) ? self[index] : nil
    }
}
