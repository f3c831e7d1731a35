import Diagnostics
import Tensors

extension ONNXRule {
    /// `BatchNormalization` as inference computes it.
    static let batchNormalization = ONNXRule(
        "BatchNormalization", operands: 5...5, attributes: ["epsilon", "momentum", "spatial", "training_mode"]
    ) { translation, operation in
        guard try operation.integer("training_mode", default: 0) == 0,
            try operation.integer("spatial", default: 1) == 1
        else { throw Diagnostic("only normalization with stored statistics for each channel is supported") }
        let value = try translation.operand(0, of: operation)
        let order = ONNXOrder.channelsLast(translation.logicalShape(of: value).count)
        var inputs = [try translation.stored(value, as: order)]
        for index in 1...4 { inputs.append(try translation.storedAsInFile(translation.operand(index, of: operation))) }
        for input in inputs { try translation.requireReal(input) }
        let epsilon = try operation.real("epsilon", default: 1e-5)
        let id = try translation.emit(BatchNormalization(epsilon: epsilon), inputs, of: operation)
        return .edge(ONNXEdge(id: id, order: order))
    }

    /// `Softmax` along one axis; before version 13 along all axes from the given one.
    static let softmax = ONNXRule("Softmax", operands: 1...1, attributes: ["axis"]) { translation, operation in
        let value = try translation.operand(0, of: operation)
        if case .edge(let edge) = value { try translation.requireReal(edge.id) }
        return try softmax(value, operation, version: translation.version, quantization: nil, in: &translation)
    }

    /// The nodes of a softmax of reals, or of integers if there is a quantization.
    static func softmax(
        _ value: ONNXValue, _ operation: ONNXOperation, version: Int, quantization: Quantization?,
        in translation: inout ONNXTranslation
    ) throws -> ONNXValue {
        let extents = translation.logicalShape(of: value)
        let flattens = version < 13
        let axis = try translation.axis(
            operation.integer("axis", default: flattens ? 1 : -1), rank: max(extents.count, 1))
        if !flattens || axis >= extents.count - 1 {
            let order = ONNXOrder.identity(extents.count).filter { $0 != axis } + [axis]
            let input = try translation.stored(value, as: order)
            let id = try translation.emit(Softmax(), [input], of: operation, quantization: quantization)
            return .edge(ONNXEdge(id: id, order: order))
        }
        let input = try translation.storedAsInFile(value)
        let shape = translation.network[input].shape
        let rows = extents[..<axis].reduce(1, *)
        let matrix = try translation.emitMove(
            Reshape(shape: [rows, shape.elementCount / max(rows, 1)]), [input], node: "rows_\(operation.stem)",
            value: "\(operation.stem).rows")
        let result = try translation.emit(Softmax(), [matrix], of: operation, quantization: quantization)
        let id = try translation.emitMove(
            Reshape(shape: shape), [result], node: "reshape_\(operation.stem)", value: "\(operation.stem).reshaped")
        return .edge(ONNXEdge(id: id, order: ONNXOrder.identity(shape.rank)))
    }
}
