import Tensors

/// Folds the addition of a constant into the bias of the layer in front of it.
///
/// Applies behind a convolution, depthwise convolution or fully connected layer of reals without a clamp, when only the
/// addition reads the layer's result, the result is no network output, and the constant differs from channel to channel
/// at most.
public struct BiasFolding: NetworkPass {
    public static let name = "biasFolding"

    public init() {}

    public func applied(to network: Network) -> Network {
        var result = network
        let neighbours = Neighbourhood(network)
        var producers = neighbours.producers
        var folded = Set<Int>()
        for (index, node) in network.nodes.enumerated() {
            guard let addition = node.operation as? Addition, let place = layerOperand(of: node, in: network),
                neighbours.isPrivate(node.inputs[place]), let producer = producers[node.inputs[place]],
                var layer = LayerParameters(of: result.nodes[producer], in: result),
                let terms = terms(network[node.inputs[1 - place]], channels: layer.outputs),
                network[node.inputs[place]].shape == network[node.outputs[0]].shape,
                var operation = result.nodes[producer].operation as? any ActivatedOperator
            else { continue }
            layer.follow(by: terms.map { _ in 1 }, terms: terms)
            layer.store(in: &result, node: producer, neighbours: neighbours)
            operation.activation = addition.activation
            result.nodes[producer].operation = operation
            result.nodes[producer].outputs = node.outputs
            for output in node.outputs { producers[output] = producer }
            folded.insert(index)
        }
        result.nodes = result.nodes.indices.filter { !folded.contains($0) }.map { result.nodes[$0] }
        return result
    }

    /// The operand that is not a constant, if there is exactly one.
    private func layerOperand(of node: Node, in network: Network) -> Int? {
        let computed = node.inputs.indices.filter { network[node.inputs[$0]].constant == nil }
        return node.inputs.count == 2 && computed.count == 1 ? computed[0] : nil
    }

    private func terms(_ value: Value, channels: Int) -> [Double]? {
        guard let constant = value.constant, constant.elementType == .float32,
            constant.shape.elementCount == 1 || constant.shape.extents.last == channels
        else { return nil }
        let elements = constant.floats.map(Double.init)
        guard elements.count == 1 || elements.count == channels else { return nil }
        return elements.count == 1 ? Array(repeating: elements[0], count: channels) : elements
    }
}
