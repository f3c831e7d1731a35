import Diagnostics
import FixedPoint
import Tensors

/// Parameters of QONNX's operators, and constants on grids.
extension ONNXRule {
    /// Refuses constant parameters that cannot be scales, widths of at least one bit, or zero points.
    static func checkParameters(
        scales: [Int], widths: [Int] = [], zeroPoints: [Int] = [], of operation: ONNXOperation,
        in translation: ONNXTranslation
    ) throws {
        for place in scales + widths + zeroPoints {
            guard case .constant(let constant) = try translation.operand(place, of: operation) else { continue }
            let (name, reals) = (constant.name, constant.tensor.floats)
            if reals.isEmpty { throw Diagnostic("'\(name)' has no elements") }
            if scales.contains(place), let fault = Quantization.fault(ofScales: reals) {
                throw Diagnostic("'\(name)': \(fault)")
            }
            if widths.contains(place), let width = reals.first(where: { !(1...64).contains($0) }) {
                throw Diagnostic("'\(name)': a width of \(width) bits is not supported")
            }
            if let real = reals.first(where: { !(abs($0) <= 0x1p31) }) {
                throw Diagnostic("'\(name)': \(real) is out of range")
            }
        }
    }

    /// The node of `operation`; for a constant, the integers of a format that stand for the same reals, if there is one.
    ///
    /// - Parameters:
    ///   - count: of operands that have a meaning; all that there are if it is nil.
    ///   - format: of integers of a width with a zero point.
    static func emitGrid(
        _ kind: any Operator, _ operation: ONNXOperation, operands count: Int? = nil,
        in translation: inout ONNXTranslation,
        format: (_ bits: Int, _ zeroPoint: Int) -> NumberFormat?
    ) throws -> ONNXValue {
        translation.network.runtime = .qonnx
        let edge = try translation.gridEdge(translation.operand(0, of: operation))
        let inputs =
            try [edge.id]
            + operation.node.input.indices.prefix(count ?? Int.max).dropFirst().map {
                try translation.parameter($0, of: operation, like: edge)
            }
        if let grid = try GridConstant(kind, inputs.map { translation.network[$0] }, format: format) {
            let name = translation.valueName("\(operation.stem).integers")
            let value = Value(name: name, constant: grid.tensor, quantization: grid.quantization)
            let id = try translation.emit(Dequantize(), [translation.network.append(value)], of: operation)
            return .edge(ONNXEdge(id: id, order: edge.order))
        }
        return .edge(ONNXEdge(id: try translation.emit(kind, inputs, of: operation), order: edge.order))
    }
}

extension ONNXTranslation {
    /// A value of the network, constants stored in the file's order.
    mutating func gridEdge(_ value: ONNXValue) throws -> ONNXEdge {
        switch value {
        case .edge(let edge): return edge
        case .constant(let constant):
            return ONNXEdge(
                id: try storedAsInFile(value), order: ONNXOrder.identity(constant.tensor.shape.rank))
        }
    }

    /// A parameter of a tensor, its axes in the tensor's order; one element becomes a scalar.
    fileprivate mutating func parameter(
        _ index: Int, of operation: ONNXOperation, like edge: ONNXEdge
    ) throws -> ValueID {
        let value = try operand(index, of: operation)
        if case .constant(var constant) = value, constant.tensor.shape.elementCount == 1 {
            constant.tensor = Tensor([], constant.tensor.floats)
            return try stored(.constant(constant), as: [])
        }
        guard logicalShape(of: value).count <= edge.order.count else {
            throw Diagnostic("'\(operation.node.input[index])' has more axes than its tensor")
        }
        return try stored(widened(value, to: edge.order.count), as: edge.order)
    }
}

/// Integers that stand for the reals that an operator of QONNX makes of a constant.
private struct GridConstant {
    let tensor: Tensor
    let quantization: Quantization

    /// - Parameters:
    ///   - operands: the tensor, scale, and perhaps zero point and width.
    /// - Returns: nil where the operands are computed, scales differ along several axes, or integers would not give the
    ///   same reals.
    init?(
        _ kind: any Operator, _ operands: [Value], format: (_ bits: Int, _ zeroPoint: Int) -> NumberFormat?
    ) throws {
        let constants = operands.compactMap(\.constant)
        guard constants.count == operands.count, operands[0].elementType == .float32 else { return nil }
        let shape = constants[0].shape
        let zeroPoint = constants.count > 2 ? constants[2].floats : [0]
        let width = constants.count > 3 ? constants[3].floats : [1]
        guard zeroPoint.count == 1, width.count == 1, let offset = Int(exactly: zeroPoint[0]),
            let bits = Int(exactly: width[0]), let format = format(bits, offset), format.contains(offset) || offset == 0
        else { return nil }
        let axes = constants[1].shape.extents.indices.filter { constants[1].shape[$0] != 1 }
        guard axes.count <= 1, axes.isEmpty || constants[1].shape[axes[0]] == shape[axes[0]] else { return nil }
        let scales = constants[1].floats
        quantization = Quantization(
            format: format, scales: scales, zeroPoints: scales.map { _ in offset }, axis: axes.first)
        let result = ResultType(shape: shape, elementType: .float32)
        let reals = try kind.evaluate(constants.map { Operand($0) }, results: [result], arithmetic: Arithmetic())[0]
        let spread = Operand(constants[1]).reals(over: shape)
        let integers = zip(reals.floats, spread).map { Int(($0 / $1).rounded().clamped) + offset }
        guard integers.allSatisfy(format.contains),
            let tensor = Tensor(shape, integers: integers, storedAs: quantization.storage),
            Operand(tensor, quantization: quantization).reals == reals.floats
        else { return nil }
        self.tensor = tensor
    }
}

extension Float {
    /// The number, or the end of the range of 32-bit integers beyond which it lies; 0 for no number.
    fileprivate var clamped: Float { isNaN ? 0 : Swift.max(-0x1p31, Swift.min(0x1p31, self)) }
}
