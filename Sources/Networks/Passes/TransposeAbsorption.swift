import FixedPoint
import Tensors

/// Puts the columns of a fully connected layer's weights into the order of a tensor that is transposed in front of it.
///
/// Applies when the layer reads one row that is a transposed tensor, perhaps reshaped, on one grid, and its weights are
/// constant without scales along their columns. Sums are formed in another order: no integer changes, since layers whose
/// accumulator saturates are left alone.
public struct TransposeAbsorption: NetworkPass {
    public static let name = "transposeAbsorption"

    public init() {}

    public func applied(to network: Network) -> Network {
        var result = network
        let neighbours = Neighbourhood(network)
        for (index, node) in network.nodes.enumerated() where node.operation is FullyConnected {
            guard let (transpose, source) = transposedSource(of: node.inputs[0], in: network, neighbours),
                let id = node.weights, let weights = result[id].constant, result[id].quantization?.axis != 1,
                weights.shape[1] == network[source].shape.elementCount, node.accumulator.overflow != .saturate
            else { continue }
            var changed = result[id]
            changed.constant = columns(of: weights, behind: transpose, of: network[source].shape)
            result.nodes[index].inputs = [source] + node.inputs.dropFirst()
            result.nodes[index].inputs[1] = result.replaceConstant(
                id, by: changed, isPrivate: neighbours.isPrivate(id))
        }
        return result.applying(DeadNodeRemoval())
    }

    /// The transpose from which a value comes through reshapes, and what it reads.
    private func transposedSource(
        of id: ValueID, in network: Network, _ neighbours: Neighbourhood
    ) -> (Transpose, ValueID)? {
        var current = id
        while let producer = neighbours.producers[current] {
            let node = network.nodes[producer]
            let (input, output) = (network[node.inputs[0]], network[node.outputs[0]])
            guard input.quantization == output.quantization, input.elementType == output.elementType else { return nil }
            if let transpose = node.operation as? Transpose { return (transpose, node.inputs[0]) }
            guard node.operation is Reshape else { return nil }
            current = node.inputs[0]
        }
        return nil
    }

    private func columns(of weights: Tensor, behind transpose: Transpose, of shape: Shape) -> Tensor {
        let transposed = transpose.permutation.map { shape[$0] }
        let rows = weights.reshaped(to: Shape([weights.shape[0]] + transposed))
        let inverse = transpose.permutation.indices.map { axis in
            transpose.permutation.firstIndex(of: axis).map { $0 + 1 } ?? 0
        }
        return rows.permuted([0] + inverse).reshaped(to: weights.shape)
    }
}
