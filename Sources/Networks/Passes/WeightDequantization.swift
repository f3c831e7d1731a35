import Tensors

/// Lets layers of reals read quantized constant weights themselves instead of the reals that stand for them.
///
/// Applies where a dequantize node of a constant is read as weights only; no result changes, and the weights keep their
/// width.
struct WeightDequantization: NetworkPass {
    static let name = "weightDequantization"

    func applied(to network: Network) -> Network {
        var result = network
        let producers = network.producers
        for (index, node) in network.nodes.enumerated() {
            guard let operand = node.operation.weightOperand, let weights = node.weights,
                network[node.inputs[0]].elementType == .float32, let producer = producers[weights],
                network.nodes[producer].operation is Dequantize,
                network[network.nodes[producer].inputs[0]].constant != nil
            else { continue }
            result.nodes[index].inputs[operand] = network.nodes[producer].inputs[0]
        }
        return result.applying(DeadNodeRemoval())
    }
}
