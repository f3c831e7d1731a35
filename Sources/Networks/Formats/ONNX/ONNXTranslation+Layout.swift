import Diagnostics
import Tensors

/// Bringing values into the axis order that an operator needs.
extension ONNXTranslation {
    /// The value with its axes stored in `order`.
    ///
    /// Constants are permuted now. A conversion goes in front of quantizations, so that patterns of `QuantizeLinear` and
    /// `DequantizeLinear` stay whole.
    mutating func stored(_ value: ONNXValue, as order: [Int]) throws -> ValueID {
        switch value {
        case .constant(let constant):
            guard order.count == constant.tensor.shape.rank else {
                throw Diagnostic("'\(constant.name)' has another rank")
            }
            guard constant.tensor.shape.elementCount > 0 else {
                throw Diagnostic("'\(constant.name)' has no elements")
            }
            let place = ONNXArrangement(
                source: .constant(constant.name), permutation: order, extents: constant.tensor.shape.extents)
            if let known = arrangements[place] { return known }
            let name = valueName(constant.name)
            let id = network.append(Value(name: name, constant: constant.tensor.permuted(order)))
            arrangements[place] = id
            return id
        case .edge(let edge):
            guard order.count == edge.order.count else {
                throw Diagnostic("'\(network[edge.id].name)' has another rank")
            }
            let permutation = order.compactMap { axis in edge.order.firstIndex(of: axis) }
            return try permuted(edge.id, by: permutation)
        }
    }

    /// The value under the file's order of axes.
    mutating func storedAsInFile(_ value: ONNXValue) throws -> ValueID {
        try stored(value, as: ONNXOrder.identity(logicalShape(of: value).count))
    }

    private mutating func permuted(_ id: ValueID, by permutation: [Int]) throws -> ValueID {
        if permutation == ONNXOrder.identity(permutation.count) { return id }
        let place = ONNXArrangement(source: .value(id), permutation: permutation)
        if let known = arrangements[place] { return known }
        var (base, bridges) = (id, [Node]())
        while bridges.count < ONNXTranslation.bridgeLimit, let producer = producers[base],
            network.nodes[producer].operation is Quantize || network.nodes[producer].operation is Dequantize
        {
            bridges.append(network.nodes[producer])
            base = network.nodes[producer].inputs[0]
        }
        var result = try moved(base, by: permutation)
        for bridge in bridges.reversed() {
            let old = network[bridge.outputs[0]]
            result = try emit(
                bridge.operation, [result], node: bridge.name, value: old.name, type: old.elementType,
                quantization: old.quantization?.permuted(permutation))
        }
        arrangements[place] = result
        return result
    }

    /// The value itself under another order of axes: a constant, a reshape or a transpose.
    private mutating func moved(_ id: ValueID, by permutation: [Int]) throws -> ValueID {
        let place = ONNXArrangement(source: .value(id), permutation: permutation)
        if let known = arrangements[place] { return known }
        let source = network[id]
        let result: ValueID
        if let constant = source.constant {
            result = network.append(
                Value(
                    name: valueName(source.name), constant: constant.permuted(permutation),
                    quantization: source.quantization?.permuted(permutation)))
        } else if Transpose(permutation: permutation).keepsElementOrder(of: source.shape) {
            let shape = Shape(permutation.map { source.shape[$0] })
            result = try emitMove(
                Reshape(shape: shape), [id], node: "reshape_\(source.name)", value: "\(source.name).reshaped")
        } else {
            result = try emitMove(
                Transpose(permutation: permutation), [id], node: "transpose_\(source.name)",
                value: "\(source.name).transposed")
        }
        arrangements[place] = result
        return result
    }

    private static let bridgeLimit = 8
}

extension Quantization {
    /// The same quantization of the tensor whose axes have been permuted.
    func permuted(_ permutation: [Int]) -> Quantization {
        var result = self
        result.axis = axis.flatMap { permutation.firstIndex(of: $0) }
        return result
    }
}
