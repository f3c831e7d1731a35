import Diagnostics
import Tensors

extension ONNXRule {
    /// `Identity`, and `Dropout`, which does nothing when a trained network runs.
    static let identity = ONNXRule("Identity", operands: 1...1) { translation, operation in
        try translation.operand(0, of: operation)
    }

    static let dropout = ONNXRule(
        "Dropout", operands: 1...3, attributes: ["ratio", "seed", "is_test"]
    ) { translation, operation in
        try translation.operand(0, of: operation)
    }

    /// `Transpose`: only the order of axes changes, nothing moves.
    static let transpose = ONNXRule("Transpose", operands: 1...1, attributes: ["perm"]) { translation, operation in
        let value = try translation.operand(0, of: operation)
        let rank = translation.logicalShape(of: value).count
        let permutation = try operation.integers("perm") ?? Array(ONNXOrder.identity(rank).reversed())
        guard permutation.sorted() == ONNXOrder.identity(rank) else {
            throw Diagnostic("permutation \(permutation) of a tensor of \(rank) axes")
        }
        switch value {
        case .constant(let constant):
            let name = operation.node.output.first ?? ""
            return .constant(ONNXConstant(name: name, tensor: constant.tensor.permuted(permutation)))
        case .edge(let edge):
            return .edge(ONNXEdge(id: edge.id, order: edge.order.compactMap { permutation.firstIndex(of: $0) }))
        }
    }

    /// `Reshape` to a shape known when the graph is read.
    static let reshape = ONNXRule(
        "Reshape", operands: 2...2, attributes: ["allowzero"]
    ) { translation, operation in
        let value = try translation.operand(0, of: operation)
        let old = translation.logicalShape(of: value)
        let keepsZeros = try operation.integer("allowzero", default: 0) != 0
        var extents = try translation.integers(1, of: operation)
        guard extents.count <= ONNXTensor.maximumRank else { throw Diagnostic("a shape of \(extents.count) axes") }
        if !keepsZeros {
            for (axis, extent) in extents.enumerated() where extent == 0 && axis < old.count {
                extents[axis] = old[axis]
            }
        }
        let count = old.reduce(1, *)
        if let open = extents.firstIndex(of: -1) {
            extents[open] = 1
            guard let rest = Shape(checking: extents)?.elementCount, rest > 0, count % rest == 0 else {
                throw Diagnostic("\(old) cannot become \(extents)")
            }
            extents[open] = count / rest
        }
        return try reshaped(value, to: extents, operation, in: &translation)
    }

    /// `Flatten` into a matrix.
    static let flatten = ONNXRule("Flatten", operands: 1...1, attributes: ["axis"]) { translation, operation in
        let value = try translation.operand(0, of: operation)
        let extents = translation.logicalShape(of: value)
        let axis = try operation.integer("axis", default: 1)
        let split = axis < 0 ? axis + extents.count : axis
        guard (0...extents.count).contains(split) else { throw Diagnostic("axis \(axis) of \(extents)") }
        let shape = [extents[..<split].reduce(1, *), extents[split...].reduce(1, *)]
        return try reshaped(value, to: shape, operation, in: &translation)
    }

    /// `Squeeze`: axes of extent 1 go.
    static let squeeze = ONNXRule("Squeeze", operands: 1...2, attributes: ["axes"]) { translation, operation in
        let value = try translation.operand(0, of: operation)
        let extents = translation.logicalShape(of: value)
        let stated = try axes(of: operation, in: translation)
        let gone =
            try stated?.map { try translation.axis($0, rank: extents.count) }
            ?? extents.indices.filter { extents[$0] == 1 }
        guard gone.allSatisfy({ extents[$0] == 1 }) else { throw Diagnostic("axes \(gone) of \(extents) are not of 1") }
        let kept = extents.indices.filter { !gone.contains($0) }
        guard case .edge(let edge) = value else {
            return try reshaped(value, to: kept.map { extents[$0] }, operation, in: &translation)
        }
        let order = edge.order.compactMap { kept.firstIndex(of: $0) }
        let shape = Shape(order.map { extents[kept[$0]] })
        let id = try translation.emitMove(Reshape(shape: shape), [edge.id], of: operation)
        return .edge(ONNXEdge(id: id, order: order))
    }

    /// `Unsqueeze`: axes of extent 1 come in.
    static let unsqueeze = ONNXRule("Unsqueeze", operands: 1...2, attributes: ["axes"]) { translation, operation in
        let value = try translation.operand(0, of: operation)
        var extents = translation.logicalShape(of: value)
        let stated = try axes(of: operation, in: translation) ?? []
        let rank = extents.count + stated.count
        guard rank <= ONNXTensor.maximumRank else { throw Diagnostic("a shape of \(rank) axes") }
        let added = try stated.map { try translation.axis($0, rank: rank) }.sorted()
        for axis in added { extents.insert(1, at: min(axis, extents.count)) }
        guard case .edge(let edge) = value else { return try reshaped(value, to: extents, operation, in: &translation) }
        var order = edge.order
        for axis in added {
            order = order.map { $0 >= axis ? $0 + 1 : $0 }
            order.insert(axis, at: min(axis, order.count))
        }
        let shape = Shape(order.map { extents[$0] })
        let id = try translation.emitMove(Reshape(shape: shape), [edge.id], of: operation)
        return .edge(ONNXEdge(id: id, order: order))
    }

    /// Axes from an attribute, or from an operand as later versions have it.
    static func axes(of operation: ONNXOperation, in translation: ONNXTranslation) throws -> [Int]? {
        if operation.hasOperand(1) { return try translation.integers(1, of: operation) }
        return try operation.integers("axes")
    }

    private static func reshaped(
        _ value: ONNXValue, to extents: [Int], _ operation: ONNXOperation, in translation: inout ONNXTranslation
    ) throws -> ONNXValue {
        let old = translation.logicalShape(of: value)
        guard let shape = Shape(checking: extents), shape.elementCount == old.reduce(1, *) else {
            throw Diagnostic("\(old) cannot become \(extents)")
        }
        if case .constant(var constant) = value {
            constant.name = operation.node.output.first ?? ""
            constant.tensor = constant.tensor.reshaped(to: shape)
            return .constant(constant)
        }
        let input = try translation.storedAsInFile(value)
        let id = try translation.emitMove(Reshape(shape: shape), [input], of: operation)
        return .edge(ONNXEdge(id: id, order: ONNXOrder.identity(shape.rank)))
    }
}
