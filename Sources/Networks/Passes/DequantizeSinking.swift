import Tensors

/// Moves dequantize nodes behind nodes that only move elements, so that integers are moved.
///
/// Applies when everything the node reads has been dequantized from one grid with one scale.
struct DequantizeSinking: NetworkPass {
    static let name = "dequantizeSinking"

    func applied(to network: Network) -> Network {
        var result = network
        result.nodes = []
        var names = Set(network.values.map(\.name) + network.nodes.map(\.name))
        func unused(_ stem: String) -> String {
            var (name, number) = (stem, 1)
            while !names.insert(name).inserted { (name, number) = ("\(stem).\(number)", number + 1) }
            return name
        }
        var integers: [ValueID: ValueID] = [:]
        for node in network.nodes {
            if node.operation is Dequantize { integers[node.outputs[0]] = node.inputs[0] }
            let sources = node.inputs.compactMap { integers[$0] }
            guard let movement = node.operation as? any ElementMovement, movement.keepsElements,
                sources.count == node.inputs.count, let grid = sources.first.flatMap({ result[$0].quantization }),
                grid.axis == nil, sources.allSatisfy({ result[$0].quantization == grid })
            else {
                result.nodes.append(node)
                continue
            }
            let real = result[node.outputs[0]]
            let moved = result.append(
                Value(
                    name: unused("\(real.name).quantized"), shape: real.shape, elementType: grid.storage,
                    quantization: grid))
            var mover = node
            (mover.inputs, mover.outputs) = (sources, [moved])
            let bridge = Node(
                name: unused("dequantize_\(node.name)"), operation: Dequantize(), inputs: [moved], outputs: node.outputs
            )
            result.nodes += [mover, bridge]
            integers[node.outputs[0]] = moved
        }
        return result
    }
}
