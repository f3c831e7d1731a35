import Tensors

/// Joins, simplifies and removes reshapes and transposes.
///
/// A transpose that only moves axes of extent 1 becomes a reshape; a transpose behind a transpose, and a reshape behind a
/// reshape, read the first one's input; one that changes nothing is skipped by its readers. Applies on one grid only, so
/// that no integer changes.
public struct LayoutCleanup: NetworkPass {
    public static let name = "layoutCleanup"

    public init() {}

    public func applied(to network: Network) -> Network {
        var result = network
        var producers = network.producers
        var same: [ValueID: ValueID] = [:]
        var skipped = Set<Int>()
        let outputs = Set(network.outputs)
        for index in network.nodes.indices {
            result.nodes[index].inputs = result.nodes[index].inputs.map { same[$0] ?? $0 }
            simplify(index, in: &result, producers: producers)
            let node = result.nodes[index]
            guard let output = node.outputs.first else { continue }
            if isIdentity(node, in: result), !outputs.contains(output) {
                same[output] = node.inputs[0]
                skipped.insert(index)
                producers[output] = nil
            }
        }
        result.nodes = result.nodes.indices.filter { !skipped.contains($0) }.map { result.nodes[$0] }
        return result.applying(DeadNodeRemoval())
    }

    /// Rewrites one node by what stands in front of it.
    private func simplify(_ index: Int, in network: inout Network, producers: [ValueID: Int]) {
        let node = network.nodes[index]
        guard let input = node.inputs.first, let output = node.outputs.first else { return }
        var before: Node?
        if let producer = producers[input], isOnOneGrid(network.nodes[producer], in: network) {
            before = network.nodes[producer]
        }
        if var transpose = node.operation as? Transpose {
            if let before, let first = before.operation as? Transpose {
                transpose.permutation = transpose.permutation.map { first.permutation[$0] }
                network.nodes[index].inputs = before.inputs
            }
            let source = network.nodes[index].inputs[0]
            network.nodes[index].operation = transpose
            if transpose.keepsElementOrder(of: network[source].shape) {
                network.nodes[index].operation = Reshape(shape: network[output].shape)
                simplify(index, in: &network, producers: producers)
            }
        } else if node.operation is Reshape, let before, before.operation is Reshape {
            network.nodes[index].inputs[0] = before.inputs[0]
        }
    }

    private func isOnOneGrid(_ node: Node, in network: Network) -> Bool {
        guard let input = node.inputs.first, let output = node.outputs.first else { return false }
        return network[input].quantization == network[output].quantization
            && network[input].elementType == network[output].elementType
    }

    private func isIdentity(_ node: Node, in network: Network) -> Bool {
        guard node.operation is Reshape || node.operation is Transpose, isOnOneGrid(node, in: network) else {
            return false
        }
        if let transpose = node.operation as? Transpose {
            return transpose.permutation == Array(transpose.permutation.indices)
        }
        return network[node.inputs[0]].shape == network[node.outputs[0]].shape
    }
}
