import Diagnostics
import FixedPoint
import Tensors

/// Scales and zero points that the operands of an operation carry.
extension ONNXTranslation {
    /// The quantization that a constant scale and a constant zero point at `index` and `index + 1` state.
    ///
    /// Several scales belong to `axis` of the file's order. Without a zero point the integers are `format`, from 0.
    func quantization(
        _ index: Int, of operation: ONNXOperation, axis: Int?, format: NumberFormat = .uint8
    ) throws -> Quantization {
        let scale = try constant(index, of: operation)
        guard scale.elementType == .float32, !scale.floats.isEmpty else {
            throw Diagnostic("operand \(index) has to hold real scales")
        }
        let scales = scale.floats
        var (zeroPoints, format) = (Array(repeating: 0, count: scales.count), format)
        if operation.hasOperand(index + 1) {
            let tensor = try constant(index + 1, of: operation)
            guard let integers = tensor.integers, integers.count == 1 || integers.count == scales.count else {
                throw Diagnostic("operand \(index + 1) has to hold a zero point for each scale")
            }
            zeroPoints = integers.count == 1 ? zeroPoints.map { _ in integers[0] } : integers
            format = try ONNXTranslation.format(of: tensor.elementType)
        }
        let single = scale.shape.elementCount == 1
        guard single || (axis != nil && scale.shape.rank == 1) else {
            throw Diagnostic("\(scales.count) scales where one is expected")
        }
        return Quantization(format: format, scales: scales, zeroPoints: zeroPoints, axis: single ? nil : axis)
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

    /// The operand at `index` as integers under `quantization`.
    ///
    /// - Throws: `Diagnostic` when they have been written under another one.
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
            if let fault = quantization.fault(for: value.shape) { throw Diagnostic(fault) }
            return ONNXEdge(id: network.append(value), order: ONNXOrder.identity(value.shape.rank))
        case .edge(let edge):
            var stored = quantization
            stored.axis = quantization.axis.flatMap { edge.order.firstIndex(of: $0) }
            try assign(stored, to: edge.id)
            return edge
        }
    }

    /// States how the integers of a value, and of the values it is a copy of, stand for reals.
    private mutating func assign(_ quantization: Quantization, to id: ValueID) throws {
        let value = network[id]
        if let known = value.quantization {
            guard known == quantization else {
                throw Diagnostic("reads '\(value.name)' with another scale or zero point than it has")
            }
            return
        }
        guard value.elementType == quantization.storage else {
            throw Diagnostic("reads '\(value.name)' as integers of another type than it has")
        }
        if let fault = quantization.fault(for: value.shape) { throw Diagnostic(fault) }
        var copy: ValueID? = id
        while let current = copy, network[current].quantization == nil {
            network[current].quantization = quantization
            copy = quantization.axis == nil ? origins[current] : nil
        }
    }
}
