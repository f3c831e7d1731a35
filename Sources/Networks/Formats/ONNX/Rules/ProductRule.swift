import Diagnostics
import Tensors

extension ONNXRule {
    /// `Gemm` with constant weights: `alpha * A * B + beta * C`.
    static let gemm = ONNXRule(
        "Gemm", operands: 2...3, attributes: ["alpha", "beta", "transA", "transB"]
    ) { translation, operation in
        let order = try operation.integer("transA", default: 0) != 0 ? [1, 0] : [0, 1]
        let input = try translation.operand(0, of: operation)
        guard translation.logicalShape(of: input).count == 2 else { throw Diagnostic("the first operand is no matrix") }
        let transposed = try operation.integer("transB", default: 0) != 0
        let alpha = try operation.real("alpha", default: 1)
        let weights = try ONNXRule.scaled(translation.operand(1, of: operation), by: alpha, "alpha")
        var inputs = try ONNXRule.productOperands(
            input, weights, transposed: transposed, in: &translation, order: order)
        for input in inputs { try translation.requireReal(input) }
        if operation.hasOperand(2) {
            let beta = try operation.real("beta", default: 1)
            let bias = try ONNXRule.scaled(translation.operand(2, of: operation), by: beta, "beta")
            inputs.append(try ONNXRule.bias(bias, count: translation.network[inputs[1]].shape[0], in: &translation))
        }
        let id = try translation.emit(FullyConnected(), inputs, of: operation)
        return .edge(ONNXEdge(id: id, order: [0, 1]))
    }

    /// `MatMul`.
    static let matMul = ONNXRule("MatMul", operands: 2...2) { translation, operation in
        let (left, right) = (try translation.operand(0, of: operation), try translation.operand(1, of: operation))
        for case .edge(let edge) in [left, right] { try translation.requireReal(edge.id) }
        return try product(left, right, operation, type: .float32, quantization: nil, in: &translation)
    }

    /// The product of two matrices, or of stacks of them: a fully connected layer if the right one is a constant matrix.
    static func product(
        _ left: ONNXValue, _ right: ONNXValue, _ operation: ONNXOperation, type: ElementType,
        quantization: Quantization?, in translation: inout ONNXTranslation
    ) throws -> ONNXValue {
        let (rows, columns) = (translation.logicalShape(of: left), translation.logicalShape(of: right))
        guard rows.count >= 2, columns.count >= 2, rows.last == columns[columns.count - 2], rows.last != 0 else {
            throw Diagnostic("factors of \(rows) and \(columns) do not suit")
        }
        if columns.count == 2, translation.isFixed(right) {
            let inputs = try productOperands(left, right, transposed: false, in: &translation)
            let id = try translation.emit(
                FullyConnected(), inputs, of: operation, quantization: quantization, type: type)
            return try ONNXRule.rows(id, like: rows, in: &translation)
        }
        let inputs = [try translation.storedAsInFile(left), try translation.storedAsInFile(right)]
        let id = try translation.emit(MatrixProduct(), inputs, of: operation, quantization: quantization, type: type)
        return .edge(ONNXEdge(id: id, order: ONNXOrder.identity(translation.network[id].shape.rank)))
    }

    /// Input rows, their axes stored in `order`, and weights of `outputs x inputs`.
    static func productOperands(
        _ input: ONNXValue, _ weights: ONNXValue, transposed: Bool, in translation: inout ONNXTranslation,
        order: [Int]? = nil
    ) throws -> [ValueID] {
        guard translation.logicalShape(of: weights).count == 2, translation.isFixed(weights) else {
            throw Diagnostic("the second operand has to be a constant matrix")
        }
        let rows = try order.map { try translation.stored(input, as: $0) } ?? translation.storedAsInFile(input)
        return [rows, try translation.stored(weights, as: transposed ? [0, 1] : [1, 0])]
    }

    /// The product's rows under the leading extents of its input.
    static func rows(_ id: ValueID, like extents: [Int], in translation: inout ONNXTranslation) throws -> ONNXValue {
        let product = translation.network[id]
        let result = Array(extents.dropLast()) + [product.shape[1]]
        guard result.count != 2 else { return .edge(ONNXEdge(id: id, order: [0, 1])) }
        guard let shape = Shape(checking: result) else { throw Diagnostic("the result has too many elements") }
        let reshaped = try translation.emitMove(
            Reshape(shape: shape), [id], node: "reshape_\(product.name)", value: "\(product.name).reshaped")
        return .edge(ONNXEdge(id: reshaped, order: ONNXOrder.identity(shape.rank)))
    }

    /// A bias as a vector of `count` elements: one for each output, or one for all.
    static func bias(_ value: ONNXValue, count: Int, in translation: inout ONNXTranslation) throws -> ValueID {
        switch value {
        case .constant(var constant):
            var elements = constant.tensor.floats
            if elements.count == 1 { elements = Array(repeating: elements[0], count: count) }
            guard elements.count == count, constant.tensor.elementType == .float32 else {
                throw Diagnostic("a bias of \(constant.tensor.shape) for \(count) outputs")
            }
            constant.tensor = Tensor([count], elements)
            return try translation.stored(.constant(constant), as: [0])
        case .edge(let edge):
            guard translation.isFixed(value), translation.network[edge.id].shape.elementCount == count else {
                throw Diagnostic("the bias has to be a constant for each of \(count) outputs")
            }
            return try translation.storedAsInFile(value)
        }
    }

    private static func scaled(_ value: ONNXValue, by factor: Float, _ name: String) throws -> ONNXValue {
        guard factor != 1 else { return value }
        guard case .constant(var constant) = value, constant.tensor.elementType == .float32 else {
            throw Diagnostic("'\(name)' of \(factor) is only supported with a real constant")
        }
        constant.name += ".\(name)\(factor)"
        constant.tensor = Tensor(constant.tensor.shape, constant.tensor.floats.map { $0 * factor })
        return .constant(constant)
    }
}
