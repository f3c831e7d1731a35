import Diagnostics
import Tensors

extension ONNXRule {
    /// `Concat`, of tensors or of constants along their outermost axis.
    static let concatenation = ONNXRule("Concat", operands: 1...1024, attributes: ["axis"]) { translation, operation in
        let values = try operation.node.input.indices.map { try translation.operand($0, of: operation) }
        let rank = translation.logicalShape(of: values[0]).count
        let axis = try translation.axis(operation.integer("axis", default: 0), rank: rank)
        let constants = values.compactMap { value in
            if case .constant(let constant) = value { constant } else { nil }
        }
        if constants.count == values.count { return .constant(try joined(constants, along: axis, operation)) }
        var order = ONNXOrder.identity(rank)
        for case .edge(let edge) in values.reversed() { order = edge.order }
        let inputs = try values.map { try translation.stored($0, as: order) }
        let first = translation.network[inputs[0]]
        guard inputs.allSatisfy({ translation.network[$0].elementType == first.elementType }),
            inputs.allSatisfy({ translation.network[$0].quantization == first.quantization })
        else { throw Diagnostic("the tensors differ in element type or scale") }
        guard let place = order.firstIndex(of: axis) else { throw Diagnostic("axis \(axis) of \(rank) axes") }
        let id = try translation.emitMove(Concatenation(axis: place), inputs, of: operation)
        return .edge(ONNXEdge(id: id, order: order))
    }

    private static func joined(
        _ constants: [ONNXConstant], along axis: Int, _ operation: ONNXOperation
    ) throws -> ONNXConstant {
        guard axis == 0, let type = constants.first?.tensor.elementType,
            constants.allSatisfy({ $0.tensor.elementType == type && $0.tensor.shape.rank == 1 })
        else { throw Diagnostic("only vectors of constants can be joined") }
        let name = operation.node.output.first ?? ""
        let count = constants.reduce(0) { $0 + $1.tensor.shape.elementCount }
        guard type != .float32 else {
            return ONNXConstant(name: name, tensor: Tensor([count], constants.flatMap(\.tensor.floats)))
        }
        let integers = constants.flatMap { $0.tensor.integers ?? [] }
        guard let tensor = Tensor([count], integers: integers, storedAs: type) else {
            throw Diagnostic("an element does not fit into \(type.rawValue)")
        }
        return ONNXConstant(name: name, tensor: tensor)
    }

    /// `Pad` with one value.
    static let padding = ONNXRule(
        "Pad", operands: 1...4, attributes: ["mode", "pads", "value"]
    ) { translation, operation in
        guard try operation.text("mode", default: "constant") == "constant" else {
            throw Diagnostic("only padding with a constant is supported")
        }
        let value = try translation.edge(0, of: operation)
        let rank = value.order.count
        let pads = operation.hasOperand(1) ? try translation.integers(1, of: operation) : try operation.integers("pads")
        let fill = try translation.real(2, of: operation, default: operation.real("value", default: 0))
        var axes = ONNXOrder.identity(rank)
        if operation.hasOperand(3) {
            axes = try translation.integers(3, of: operation).map { try translation.axis($0, rank: rank) }
        }
        guard let pads, pads.count == 2 * axes.count, Set(axes).count == axes.count, pads.allSatisfy({ $0 >= 0 }) else {
            throw Diagnostic("pads \(pads ?? []) for \(axes.count) axes")
        }
        guard fill.isFinite else { throw Diagnostic("padding with \(fill) is not supported") }
        var kind = Padding(
            before: Array(repeating: 0, count: rank), after: Array(repeating: 0, count: rank), value: fill)
        for (place, axis) in axes.enumerated() {
            guard let position = value.order.firstIndex(of: axis) else { continue }
            kind.before[position] = pads[place]
            kind.after[position] = pads[place + axes.count]
        }
        try translation.requireReal(value.id)
        return .edge(ONNXEdge(id: try translation.emitMove(kind, [value.id], of: operation), order: value.order))
    }

    /// `Slice` with steps forwards.
    static let slice = ONNXRule(
        "Slice", operands: 1...5, attributes: ["axes", "starts", "ends"]
    ) { translation, operation in
        let value = try translation.operand(0, of: operation)
        let extents = translation.logicalShape(of: value)
        let ranges = try ONNXRule.ranges(of: operation, extents: extents, in: translation)
        switch value {
        case .constant(let constant):
            guard extents.count == 1 else { throw Diagnostic("only vectors of constants can be sliced") }
            let places = (0..<ranges[0].count).map { ranges[0].start + $0 * ranges[0].step }
            return .constant(
                constant.rows(places, shape: [places.count], name: operation.node.output.first ?? ""))
        case .edge(let edge):
            let stored = edge.order.map { ranges[$0] }
            let kind = StridedSlice(
                starts: stored.map(\.start), counts: stored.map(\.count), strides: stored.map(\.step))
            return .edge(ONNXEdge(id: try translation.emitMove(kind, [edge.id], of: operation), order: edge.order))
        }
    }

    /// What a slice takes of each axis.
    private static func ranges(
        of operation: ONNXOperation, extents: [Int], in translation: ONNXTranslation
    ) throws -> [(start: Int, count: Int, step: Int)] {
        func list(_ index: Int, _ name: String) throws -> [Int]? {
            operation.hasOperand(index) ? try translation.integers(index, of: operation) : try operation.integers(name)
        }
        guard let starts = try list(1, "starts"), let ends = try list(2, "ends"), starts.count == ends.count,
            starts.count <= extents.count
        else { throw Diagnostic("a slice without starts and ends") }
        let axes = try (list(3, "axes") ?? Array(starts.indices)).map { try translation.axis($0, rank: extents.count) }
        let steps = operation.hasOperand(4) ? try translation.integers(4, of: operation) : starts.map { _ in 1 }
        guard axes.count == starts.count, steps.count == starts.count, Set(axes).count == axes.count else {
            throw Diagnostic("starts, ends, axes and steps of a slice differ in number")
        }
        var ranges = extents.map { (start: 0, count: $0, step: 1) }
        for (index, axis) in axes.enumerated() {
            guard steps[index] > 0 else { throw Diagnostic("a slice with step \(steps[index]) is not supported") }
            let extent = extents[axis]
            let start = max(0, min(extent, starts[index] < 0 ? starts[index] + extent : starts[index]))
            let end = max(start, min(extent, ends[index] < 0 ? ends[index] + extent : ends[index]))
            guard start < end else { throw Diagnostic("a slice from \(starts[index]) to \(ends[index]) is empty") }
            ranges[axis] = (start, (end - start + steps[index] - 1) / steps[index], steps[index])
        }
        return ranges
    }

    /// `ReduceMean`.
    static let mean = ONNXRule(
        "ReduceMean", operands: 1...2, attributes: ["axes", "keepdims", "noop_with_empty_axes"]
    ) { translation, operation in
        let value = try translation.edge(0, of: operation)
        let rank = value.order.count
        let stated = try axes(of: operation, in: translation)
        if stated ?? [] == [], try operation.integer("noop_with_empty_axes", default: 0) != 0 { return .edge(value) }
        let reduced = Set(try (stated ?? ONNXOrder.identity(rank)).map { try translation.axis($0, rank: rank) })
        let keeps = try operation.integer("keepdims", default: 1) != 0
        try translation.requireReal(value.id)
        let places = value.order.indices.filter { reduced.contains(value.order[$0]) }
        let id = try translation.emit(Mean(axes: Array(places), keepsAxes: keeps), [value.id], of: operation)
        guard !keeps else { return .edge(ONNXEdge(id: id, order: value.order)) }
        let kept = ONNXOrder.identity(rank).filter { !reduced.contains($0) }
        return .edge(ONNXEdge(id: id, order: value.order.compactMap { kept.firstIndex(of: $0) }))
    }
}
