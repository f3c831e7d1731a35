import Tensors

/// Real weights and bias of a layer, to be scaled and shifted output by output.
struct LayerParameters {
    /// The weights' axis along which outputs differ.
    let outputAxis: Int
    let outputs: Int
    private(set) var weights: Tensor
    private(set) var bias: [Float]

    /// - Returns: nil when the node is no layer with constant real weights and no clamp.
    init?(of node: Node, in network: Network) {
        guard let operation = node.operation as? any ActivatedOperator, operation.activation == .none,
            let axis = LayerParameters.outputAxis(of: node.operation), let id = node.weights,
            let weights = network[id].constant, weights.elementType == .float32, node.inputs.count <= 3
        else { return nil }
        outputAxis = axis
        outputs = weights.shape[axis]
        self.weights = weights
        bias = Array(repeating: 0, count: outputs)
        guard let place = node.bias else { return }
        guard let constant = network[place].constant, constant.elementType == .float32,
            constant.shape.elementCount == outputs
        else { return nil }
        bias = constant.floats
    }

    /// The axis of a layer's weights that counts its outputs, or nil for other operators.
    static func outputAxis(of operation: any Operator) -> Int? {
        switch operation {
        case is Convolution2D, is TransposedConvolution2D, is FullyConnected: 0
        case is DepthwiseConvolution2D: 3
        default: nil
        }
    }

    /// Follows the layer by `factor * x + term` for each output.
    mutating func follow(by factors: [Double], terms: [Double]) {
        bias = bias.indices.map { Float(Double(bias[$0]) * factors[$0] + terms[$0]) }
        guard factors.contains(where: { $0 != 1 }) else { return }
        let inner = weights.shape.extents[(outputAxis + 1)...].reduce(1, *)
        let values = weights.floats.enumerated().map { Float(Double($1) * factors[$0 / inner % outputs]) }
        weights = Tensor(weights.shape, values)
    }

    /// Writes weights and bias back into `network` for the node at `index`; shared constants stay as they are.
    func store(in network: inout Network, node index: Int, neighbours: Neighbourhood) {
        let node = network.nodes[index]
        guard let id = node.weights, let operand = node.operation.weightOperand else { return }
        var changed = network[id]
        changed.constant = weights
        network.nodes[index].inputs[operand] = network.replaceConstant(
            id, by: changed, isPrivate: neighbours.isPrivate(id))
        let tensor = Tensor([outputs], bias)
        if let id = node.bias {
            let changed = Value(name: network[id].name, constant: tensor)
            network.nodes[index].inputs[operand + 1] = network.replaceConstant(
                id, by: changed, isPrivate: neighbours.isPrivate(id))
        } else {
            let name = network.unusedName("\(node.name).bias")
            network.nodes[index].inputs.append(network.append(Value(name: name, constant: tensor)))
        }
    }
}
