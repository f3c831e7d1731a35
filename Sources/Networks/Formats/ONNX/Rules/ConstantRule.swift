import Diagnostics
import Tensors

extension ONNXRule {
    /// `Constant`.
    static let constant = ONNXRule(
        "Constant", operands: 0...0, attributes: ["value", "value_float", "value_floats", "value_int", "value_ints"]
    ) { _, operation in
        guard let attribute = operation.node.attribute.first, operation.node.attribute.count == 1 else {
            throw Diagnostic("a constant has to have one value")
        }
        let tensor: Tensor
        if attribute.hasT {
            tensor = try attribute.t.decoded()
        } else if attribute.hasF {
            tensor = Tensor([], [attribute.f])
        } else if attribute.hasI {
            tensor = Tensor(shape: [], elements: .int64([attribute.i]))
        } else if attribute.floats.isEmpty {
            tensor = Tensor(shape: [attribute.ints.count], elements: .int64(attribute.ints))
        } else {
            tensor = Tensor([attribute.floats.count], attribute.floats)
        }
        return .constant(ONNXConstant(name: operation.node.output.first ?? "", tensor: tensor))
    }

    /// `Shape`: known when the graph is read.
    static let shape = ONNXRule("Shape", operands: 1...1, attributes: ["start", "end"]) { translation, operation in
        let extents = translation.logicalShape(of: try translation.operand(0, of: operation))
        let start = try place(operation.integer("start", default: 0), count: extents.count)
        let end = try place(operation.integer("end", default: extents.count), count: extents.count)
        let chosen = start < end ? extents[start..<end].map(Int64.init) : []
        let tensor = Tensor(shape: [chosen.count], elements: .int64(chosen))
        return .constant(ONNXConstant(name: operation.node.output.first ?? "", tensor: tensor))
    }

    private static func place(_ place: Int, count: Int) -> Int {
        max(0, min(count, place < 0 ? place + count : place))
    }

    /// `Gather` of rows of a constant.
    static let gather = ONNXRule("Gather", operands: 2...2, attributes: ["axis"]) { translation, operation in
        guard case .constant(let source) = try translation.operand(0, of: operation), source.tensor.shape.rank > 0,
            try translation.axis(operation.integer("axis", default: 0), rank: source.tensor.shape.rank) == 0
        else { throw Diagnostic("only rows of a constant can be gathered") }
        let indices = try translation.constant(1, of: operation)
        let places = try translation.integers(1, of: operation).map {
            try translation.axis($0, rank: source.tensor.shape[0])
        }
        let extents = indices.shape.extents + source.tensor.shape.extents.dropFirst()
        guard let shape = Shape(checking: extents), shape.elementCount <= 1 << 20 else {
            throw Diagnostic("the result has too many elements")
        }
        return .constant(source.rows(places, shape: shape, name: operation.node.output.first ?? ""))
    }

    /// `Cast` of a constant, or of anything to float32.
    static let cast = ONNXRule("Cast", operands: 1...1, attributes: ["to", "saturate"]) { translation, operation in
        let number = try operation.integer("to", default: 0)
        let type = try ONNXElementType(checking: Int32(clamping: number)).stored
        switch try translation.operand(0, of: operation) {
        case .edge(let edge):
            let stored = translation.network[edge.id].elementType
            if type == .float32, stored != .float32 {
                let id = try translation.emit(RealConversion(), [edge.id], of: operation)
                return .edge(ONNXEdge(id: id, order: edge.order))
            }
            guard stored == type else {
                throw Diagnostic("a change of element type is only supported for constants")
            }
            return .edge(edge)
        case .constant(var constant):
            guard constant.tensor.elementType != type else { return .constant(constant) }
            constant.name = operation.node.output.first ?? ""
            if type == .float32 {
                constant.tensor = Tensor(constant.tensor.shape, constant.tensor.floats)
            } else {
                let integers = constant.tensor.integers ?? constant.tensor.floats.map { Int(clamping: $0) }
                guard let tensor = Tensor(constant.tensor.shape, integers: integers, storedAs: type) else {
                    throw Diagnostic("an element does not fit into \(type.rawValue)")
                }
                constant.tensor = tensor
            }
            return .constant(constant)
        }
    }
}

extension Int {
    /// The integer part, or the nearest integer that there is; 0 for no number.
    fileprivate init(clamping real: Float) {
        let limit = Float(1 << 62)
        self = real.isNaN ? 0 : Int(Swift.max(-limit, Swift.min(limit, real)))
    }
}
