import Diagnostics
import Tensors

/// Adding nodes and values to the network.
extension ONNXTranslation {
    /// A name that no value has yet, made from `stem`, and reserved.
    mutating func valueName(_ stem: String) -> String {
        valueNames.reserve(stem.isEmpty ? "value" : stem)
    }

    /// Adds the node of `operation` that computes reals, integers on the grid of `quantization`, or elements of `type`.
    mutating func emit(
        _ kind: any Operator, _ inputs: [ValueID], of operation: ONNXOperation, quantization: Quantization? = nil,
        type: ElementType? = nil
    ) throws -> ValueID {
        let name = operation.node.output.first ?? ""
        let type = type ?? quantization?.storage ?? .float32
        return try emit(
            kind, inputs, node: operation.stem, value: name.isEmpty ? operation.stem : name, type: type,
            quantization: quantization)
    }

    /// Adds a node that only moves elements of its first input.
    mutating func emitMove(_ kind: any Operator, _ inputs: [ValueID], node: String, value: String) throws -> ValueID {
        let source = network[inputs[0]]
        let result = try emit(
            kind, inputs, node: node, value: value, type: source.elementType, quantization: source.quantization)
        origins[result] = inputs[0]
        return result
    }

    /// Adds the node of `operation`, which only moves elements of its first input.
    mutating func emitMove(_ kind: any Operator, _ inputs: [ValueID], of operation: ONNXOperation) throws -> ValueID {
        let name = operation.node.output.first ?? ""
        return try emitMove(kind, inputs, node: operation.stem, value: name.isEmpty ? operation.stem : name)
    }

    mutating func emit(
        _ kind: any Operator, _ inputs: [ValueID], node: String, value: String, type: ElementType,
        quantization: Quantization?
    ) throws -> ValueID {
        let shapes = try kind.outputShapes(of: inputs.map { network[$0].shape })
        guard let shape = shapes.first else { throw Diagnostic("\(kind.name) has no result") }
        let result = Value(name: valueName(value), shape: shape, elementType: type, quantization: quantization)
        let id = network.append(result)
        let name = nodeNames.reserve(node)
        network.nodes.append(Node(name: name, operation: kind, inputs: inputs, outputs: [id]))
        producers[id] = network.nodes.count - 1
        return id
    }

    /// Adds the node of `operation` with a result of each of `types`, without scales.
    mutating func emit(
        _ kind: any Operator, _ inputs: [ValueID], of operation: ONNXOperation, types: [ElementType]
    ) throws -> [ValueID] {
        let shapes = try kind.outputShapes(of: inputs.map { network[$0].shape })
        guard shapes.count == types.count else { throw Diagnostic("\(kind.name) has \(shapes.count) results") }
        let results = shapes.indices.map { index in
            let name = operation.node.output[safely: index] ?? ""
            let value = Value(
                name: valueName(name.isEmpty ? "\(operation.stem).\(index)" : name), shape: shapes[index],
                elementType: types[index])
            return network.append(value)
        }
        let name = nodeNames.reserve(operation.stem)
        network.nodes.append(Node(name: name, operation: kind, inputs: inputs, outputs: results))
        for result in results { producers[result] = network.nodes.count - 1 }
        return results
    }

    /// Refuses integers where only reals have a meaning.
    func requireReal(_ id: ValueID) throws {
        guard network[id].elementType == .float32 else {
            throw Diagnostic("takes real numbers, and '\(network[id].name)' holds integers")
        }
    }
}
