import Diagnostics
import Tensors

/// Operands of an operation and what is known of them.
extension ONNXTranslation {
    /// The operand at `index`.
    func operand(_ index: Int, of operation: ONNXOperation) throws -> ONNXValue {
        guard operation.hasOperand(index), let value = values[operation.node.input[index]] ?? nil else {
            throw Diagnostic("operand \(index) is missing")
        }
        return value
    }

    /// The extents in the axis order of the file.
    func logicalShape(of value: ONNXValue) -> [Int] {
        switch value {
        case .constant(let constant): return constant.tensor.shape.extents
        case .edge(let edge):
            var extents = Array(repeating: 0, count: edge.order.count)
            for (position, axis) in edge.order.enumerated() { extents[axis] = network[edge.id].shape[position] }
            return extents
        }
    }

    /// An axis that may be counted from behind, between 0 and `rank - 1`.
    func axis(_ axis: Int, rank: Int) throws -> Int {
        let counted = axis < 0 ? axis + rank : axis
        guard (0..<rank).contains(counted) else { throw Diagnostic("axis \(axis) of a tensor of \(rank) axes") }
        return counted
    }

    /// The elements of an operand that has to be known now.
    func constant(_ index: Int, of operation: ONNXOperation) throws -> Tensor {
        guard case .constant(let constant) = try operand(index, of: operation) else {
            throw Diagnostic("operand \(index) has to be a constant")
        }
        return constant.tensor
    }

    /// The integers of an operand that has to be known now.
    func integers(_ index: Int, of operation: ONNXOperation) throws -> [Int] {
        guard let integers = try constant(index, of: operation).integers else {
            throw Diagnostic("operand \(index) has to hold integers")
        }
        return integers.map { ONNXOperation.bounded(Int64($0)) }
    }

    /// The only element of a constant operand, or `value` if it is left out.
    func real(_ index: Int, of operation: ONNXOperation, default value: Float) throws -> Float {
        guard operation.hasOperand(index) else { return value }
        let tensor = try constant(index, of: operation)
        guard tensor.shape.elementCount == 1, let element = tensor.floats.first else {
            throw Diagnostic("operand \(index) has to hold one number")
        }
        return element
    }

    /// Whether the elements do not depend on the network's inputs.
    func isFixed(_ value: ONNXValue) -> Bool {
        switch value {
        case .constant: return true
        case .edge(let edge):
            if network[edge.id].constant != nil { return true }
            guard let producer = producers[edge.id] else { return false }
            return network.nodes[producer].inputs.allSatisfy { network[$0].constant != nil }
        }
    }
}
