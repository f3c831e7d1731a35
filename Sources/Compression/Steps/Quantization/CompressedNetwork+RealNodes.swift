import Networks
import Tensors

extension CompressedNetwork {
    /// Folds batch normalizations into their layers; those that have none become depthwise layers of one weight a channel.
    ///
    /// - Returns: what was decided, a sentence each.
    mutating func makeNormalizationsLayers() -> [String] {
        if grids.isEmpty { network = network.applying(BatchNormalizationFolding()) }
        var remarks: [String] = []
        for place in network.nodes.indices {
            guard let layer = network.depthwise(inPlaceOf: network.nodes[place]) else { continue }
            let name = network.nodes[place].name
            let weights = network.append(Value(name: network.unusedName("\(name).weights"), constant: layer.weights))
            let bias = network.append(Value(name: network.unusedName("\(name).bias"), constant: layer.bias))
            network.nodes[place].operation = DepthwiseConvolution2D()
            network.nodes[place].inputs = [network.nodes[place].inputs[0], weights, bias]
            remarks.append("layer '\(name)': batch normalization computed as a depthwise layer")
        }
        return remarks
    }

    /// Surrounds nodes without a meaning on integers by conversions to and from reals.
    ///
    /// - Returns: what was decided, a sentence each.
    mutating func surroundRealNodes() -> [String] {
        var (nodes, remarks): ([Node], [String]) = ([], [])
        let consumers = network.consumers
        for node in network.nodes {
            guard (node.operation as? any GridRuled)?.gridRule == .real else {
                nodes.append(node)
                continue
            }
            var (real, after) = (node, [Node]())
            for (index, input) in node.inputs.enumerated() where network[input].quantization != nil {
                let reals = appendReals(like: input)
                nodes.append(conversion(Dequantize(), from: input, to: reals))
                real.inputs[index] = reals
            }
            for (index, output) in node.outputs.enumerated() {
                if consumers[output] == nil {
                    network[output].quantization = nil
                    network[output].elementType = .float32
                } else {
                    let reals = appendReals(like: output)
                    after.append(conversion(Quantize(), from: reals, to: output))
                    real.outputs[index] = reals
                }
            }
            nodes += [real] + after
            remarks.append("layer '\(node.name)': computes in float, for want of a meaning on integers")
        }
        network.nodes = nodes
        return remarks
    }

    private mutating func appendReals(like id: ValueID) -> ValueID {
        let value = network[id]
        let name = network.unusedName("\(value.name).real")
        return network.append(Value(name: name, shape: value.shape, elementType: .float32))
    }

    private func conversion(_ operation: any Operator, from source: ValueID, to result: ValueID) -> Node {
        let reals = operation is Dequantize ? result : source
        return Node(name: network[reals].name, operation: operation, inputs: [source], outputs: [result])
    }
}

extension Network {
    /// The one-weight-a-channel layer that computes what a batch normalization of an image does, or nil for another node.
    fileprivate func depthwise(inPlaceOf node: Node) -> (weights: Tensor, bias: Tensor)? {
        guard let normalization = node.operation as? BatchNormalization, self[node.inputs[0]].shape.rank == 4 else {
            return nil
        }
        let vectors = node.inputs.dropFirst().compactMap { self[$0].constant?.floats.map(Double.init) }
        guard vectors.count == 4 else { return nil }
        let (scale, shift, mean, variance) = (vectors[0], vectors[1], vectors[2], vectors[3])
        let factors = scale.indices.map {
            scale[$0] / (variance[$0] + Double(normalization.epsilon)).squareRoot()
        }
        let terms = factors.indices.map { shift[$0] - mean[$0] * factors[$0] }
        guard (factors + terms).allSatisfy({ Float($0).isFinite }) else { return nil }
        return (
            Tensor([1, 1, 1, factors.count], factors.map(Float.init)), Tensor([factors.count], terms.map(Float.init))
        )
    }
}
