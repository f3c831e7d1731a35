import Tensors
import Workloads

/// Computes nodes that only read constants.
///
/// Applies to nodes that work element by element or move elements, when the result is no network output and not much
/// larger than what they read.
public struct ConstantFolding: NetworkPass {
    public static let name = "constantFolding"

    public init() {}

    public func applied(to network: Network) -> Network {
        var result = network
        let outputs = Set(network.outputs)
        result.nodes = network.nodes.filter { node in
            guard let output = node.outputs.first, node.outputs.count == 1, !outputs.contains(output),
                let tensor = constant(of: node, in: result)
            else { return true }
            result[output].constant = tensor
            return false
        }
        return result
    }

    private func constant(of node: Node, in network: Network) -> Tensor? {
        let inputs = node.inputs.map { network[$0] }
        let operands = inputs.compactMap { value in
            value.constant.map { Operand($0, quantization: value.quantization) }
        }
        guard operands.count == inputs.count, !operands.isEmpty, isCheap(node.operation) else { return nil }
        let types = node.outputs.map { output in
            let value = network[output]
            return ResultType(shape: value.shape, elementType: value.elementType, quantization: value.quantization)
        }
        let read = operands.reduce(0) { $0 + $1.shape.elementCount }
        guard types[0].shape.elementCount <= max(read, ConstantFolding.freeSize) else { return nil }
        let arithmetic = Arithmetic(runtime: network.runtime, accumulator: node.accumulator)
        return try? node.operation.evaluate(operands, results: types, arithmetic: arithmetic).first
    }

    private func isCheap(_ operation: any Operator) -> Bool {
        switch operation.computeClass {
        case .elementwise, .dataMovement, .free: true
        default: false
        }
    }

    /// Elements that a result may have however little the node reads.
    private static let freeSize = 1 << 16
}
