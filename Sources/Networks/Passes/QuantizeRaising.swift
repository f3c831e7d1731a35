import Tensors

/// Moves quantize nodes in front of nodes that only move elements, so that integers are moved.
///
/// Applies along a chain of such nodes, each of one operand that is read by nobody else, with one scale.
struct QuantizeRaising: NetworkPass {
    static let name = "quantizeRaising"

    func applied(to network: Network) -> Network {
        var result = network
        let neighbours = Neighbourhood(network)
        var inFront: [Int: Node] = [:]
        var removed = Set<Int>()
        for (index, node) in network.nodes.enumerated() where node.operation is Quantize {
            let chain = movements(above: node.inputs[0], in: network, neighbours)
            guard let top = chain.last, let grid = network[node.outputs[0]].quantization, grid.axis == nil else {
                continue
            }
            removed.insert(index)
            var written = node.outputs[0]
            for mover in chain {
                result.nodes[mover].outputs = [written]
                let source = network[network.nodes[mover].inputs[0]]
                written = result.append(
                    Value(
                        name: result.unusedName("\(source.name).quantized"), shape: source.shape,
                        elementType: grid.storage, quantization: grid))
                result.nodes[mover].inputs[0] = written
            }
            var quantize = node
            quantize.inputs = [network.nodes[top].inputs[0]]
            quantize.outputs = [written]
            inFront[top] = quantize
        }
        result.nodes = result.nodes.indices.flatMap { index in
            removed.contains(index) ? [] : (inFront[index].map { [$0] } ?? []) + [result.nodes[index]]
        }
        return result
    }

    /// Places of the movements from `id` upwards, nearest first.
    private func movements(above id: ValueID, in network: Network, _ neighbours: Neighbourhood) -> [Int] {
        var (chain, current) = ([Int](), id)
        while neighbours.isPrivate(current), let producer = neighbours.producers[current],
            let movement = network.nodes[producer].operation as? any ElementMovement, movement.keepsElements,
            network.nodes[producer].inputs.count == 1
        {
            chain.append(producer)
            current = network.nodes[producer].inputs[0]
        }
        // Nothing is gained above an input of the network or a value that is real for other readers as well.
        return neighbours.producers[current] == nil ? [] : chain
    }
}
