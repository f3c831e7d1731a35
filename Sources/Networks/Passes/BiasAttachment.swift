import Tensors

/// Gives a layer without a bias the constant that is added behind it as its bias.
///
/// Applies behind a convolution, depthwise convolution or fully connected layer without bias and clamp, when only the
/// addition reads its result, the result is no network output, and the constant, perhaps dequantized, has one element for
/// each output. Sums are formed in another order.
struct BiasAttachment: NetworkPass {
    static let name = "biasAttachment"

    func applied(to network: Network) -> Network {
        var result = network
        let neighbours = Neighbourhood(network)
        var removed = Set<Int>()
        var moved: [Int: Int] = [:]
        for (index, node) in network.nodes.enumerated() {
            guard let addition = node.operation as? Addition, node.inputs.count == 2,
                let place = [0, 1].first(where: { isFixed(node.inputs[1 - $0], in: network, neighbours) }),
                neighbours.isPrivate(node.inputs[place]), let producer = neighbours.producers[node.inputs[place]],
                let axis = LayerParameters.outputAxis(of: network.nodes[producer].operation),
                var operation = network.nodes[producer].operation as? any ActivatedOperator,
                operation.activation == .none, network.nodes[producer].inputs.count == 2,
                suits(node, place, outputs: network[network.nodes[producer].inputs[1]].shape[axis], in: network)
            else { continue }
            operation.activation = addition.activation
            result.nodes[producer].operation = operation
            result.nodes[producer].inputs.append(node.inputs[1 - place])
            result.nodes[producer].outputs = node.outputs
            removed.insert(index)
            if let bridge = neighbours.producers[node.inputs[1 - place]], bridge > producer {
                moved[bridge] = min(producer, moved[bridge] ?? producer)
            }
        }
        let inFront = Dictionary(grouping: moved.keys.sorted()) { moved[$0] ?? 0 }
        result.nodes = result.nodes.indices.filter { !removed.contains($0) && moved[$0] == nil }.flatMap { index in
            (inFront[index] ?? []).map { result.nodes[$0] } + [result.nodes[index]]
        }
        return result
    }

    /// Whether the value is a constant, or the reals of one.
    private func isFixed(_ id: ValueID, in network: Network, _ neighbours: Neighbourhood) -> Bool {
        if network[id].constant != nil { return true }
        guard let producer = neighbours.producers[id], network.nodes[producer].operation is Dequantize else {
            return false
        }
        return network[network.nodes[producer].inputs[0]].constant != nil
    }

    /// Whether the addition keeps the layer's shape and adds one real for each of its outputs.
    private func suits(_ node: Node, _ place: Int, outputs: Int, in network: Network) -> Bool {
        let (sum, term) = (network[node.inputs[place]], network[node.inputs[1 - place]])
        return sum.shape == network[node.outputs[0]].shape && term.elementType == .float32
            && term.shape.elementCount == outputs && term.shape.extents.last == outputs
    }
}
