import Diagnostics
import FixedPoint
import Networks
import Tensors

/// The nodes between an integer and its sign, where each channel's sign depends on the integer alone and rises with it.
struct SignChain {
    /// Places of the nodes, in execution order; the last makes the signs.
    private(set) var nodes: [Int]
    /// What the first of the nodes reads.
    private(set) var start: ValueID
    /// The signs.
    let signs: ValueID
    /// The layer whose sums the chain starts from, where nothing else reads its result.
    private(set) var layer: Int?
    private let network: Network
    private let channels: Int

    /// The chain that ends in the signs that a layer reads, or nil where there is none to shorten.
    init?(before name: String, in network: Network) {
        guard let reader = network.node(ofLayer: name),
            let last = network.producers[reader.inputs[0]], network.nodes[last].operation is Quantize,
            network[reader.inputs[0]].quantization?.format == .bipolar,
            network[network.nodes[last].inputs[0]].quantization != nil
        else { return nil }
        self.network = network
        (nodes, signs, start) = ([last], reader.inputs[0], network.nodes[last].inputs[0])
        channels = network[signs].shape.extents.last ?? 1
        let (producers, consumers, outputs) = (network.producers, network.consumers, Set(network.outputs))
        while consumers[start]?.count == 1, !outputs.contains(start), let place = producers[start] {
            let node = network.nodes[place]
            if SignChain.isLayer(node, in: network) {
                layer = place
                return
            }
            guard isStep(node) else { break }
            nodes.insert(place, at: 0)
            start = node.inputs[0]
        }
        guard nodes.count > 1, network[start].quantization?.scales.count == 1 else { return nil }
    }

    /// Whether a node maps each channel's integers by themselves and never downwards.
    private func isStep(_ node: Node) -> Bool {
        guard node.outputs.count == 1, network[node.inputs[0]].quantization != nil,
            network[node.inputs[0]].shape == network[node.outputs[0]].shape
        else { return false }
        if node.operation is Rectifier || node.operation is Quantize { return true }
        guard node.operation is Addition || node.operation is Subtraction, node.inputs.count == 2,
            let constant = network[node.inputs[1]].constant
        else { return false }
        return constant.shape.elementCount == 1
            || (constant.shape.elementCount == channels && constant.shape.extents.last == channels)
    }

    /// Whether a layer's bias can take a threshold: its result is a function of the sum by channel.
    private static func isLayer(_ node: Node, in network: Network) -> Bool {
        guard let id = node.weights, network[id].constant?.integers != nil, network[node.inputs[0]].quantization != nil,
            let bias = node.bias, network[bias].constant?.integers != nil,
            network[node.outputs[0]].quantization != nil
        else { return false }
        if let convolution = node.operation as? Convolution2D { return convolution.groups == 1 }
        return node.operation is DepthwiseConvolution2D || node.operation is FullyConnected
    }

    /// For each channel the least integer whose sign is positive; one above the largest where there is none.
    ///
    /// Integers are sums with bias for a layer, elements otherwise.
    func thresholds() throws -> [Int] {
        let bounds = try self.bounds()
        var (below, above) = (bounds.map { $0.lowerBound - 1 }, bounds.map { $0.upperBound + 1 })
        while zip(below, above).contains(where: { $1 - $0 > 1 }) {
            let middle = zip(below, above).map { ($0 + $1) >> 1 }
            let signs = try signs(of: middle)
            for channel in middle.indices where above[channel] - below[channel] > 1 {
                if signs[channel] > 0 { above[channel] = middle[channel] } else { below[channel] = middle[channel] }
            }
        }
        return above
    }

    /// The integers that can occur in each channel.
    private func bounds() throws -> [ClosedRange<Int>] {
        guard let layer else {
            let format = network[start].quantization?.format ?? .int8
            return [ClosedRange<Int>](repeating: format.minimum...format.maximum, count: channels)
        }
        let node = network.nodes[layer]
        guard let id = node.weights, let weights = network[id].constant?.integers,
            let bias = node.bias.flatMap({ network[$0].constant?.integers }),
            let grid = network[node.inputs[0]].quantization
        else { return [] }
        let reach = max(grid.format.maximum - grid.zeroPoint, grid.zeroPoint - grid.format.minimum)
        let zeroPoints = network[id].quantization?.zeroPoints ?? [0]
        let indexing = ChannelIndexing(network[id].shape, axis: network.outputAxis(ofWeightsOf: node))
        guard bias.allSatisfy({ $0.magnitude < 1 << 30 }) else {
            throw Diagnostics([Diagnostic(layer: node.name, "its bias leaves 31 bits")])
        }
        var sums = bias.map(abs)
        for place in weights.indices {
            let channel = indexing.channel(of: place)
            sums[channel] += abs(weights[place] - zeroPoints[zeroPoints.count == 1 ? 0 : channel]) * reach
        }
        guard sums.allSatisfy({ $0 < 1 << 30 }) else {
            throw Diagnostics([Diagnostic(layer: node.name, "its sums leave 31 bits")])
        }
        return sums.map { -$0...$0 }
    }

    /// The signs of one integer a channel, by the nodes' own arithmetic.
    private func signs(of integers: [Int]) throws -> [Int] {
        var tensor: Tensor
        let rank = network[start].shape.rank
        let shape = Shape([Int](repeating: 1, count: rank - 1) + [channels])
        if let layer {
            tensor = try element(of: network.nodes[layer], sums: integers, shape: shape)
        } else {
            tensor = try Tensor.result(integers, as: resultType(of: start, shape: shape))
        }
        var from = start
        for place in nodes {
            let node = network.nodes[place]
            let operands =
                [Operand(tensor, quantization: network[from].quantization)]
                + node.inputs.dropFirst().compactMap { id in
                    network[id].constant.map { Operand($0, quantization: network[id].quantization) }
                }
            let arithmetic = Arithmetic(runtime: network.runtime, accumulator: node.accumulator)
            let result = resultType(of: node.outputs[0], shape: shape)
            tensor = try node.operation.evaluate(operands, results: [result], arithmetic: arithmetic)[0]
            from = node.outputs[0]
        }
        return tensor.integers ?? []
    }

    private func resultType(of id: ValueID, shape: Shape) -> ResultType {
        ResultType(shape: shape, elementType: network[id].elementType, quantization: network[id].quantization)
    }

    /// What a layer makes of sums: its own operation on weights of zero, with the sums as bias.
    private func element(of node: Node, sums: [Int], shape: Shape) throws -> Tensor {
        guard let id = node.weights, let weights = network[id].quantization, let bias = node.bias else {
            throw Diagnostic(layer: node.name, "it has no weights")
        }
        let (operation, input, filters): (any Operator, Shape, Shape) =
            switch node.operation {
            case let layer as DepthwiseConvolution2D:
                (DepthwiseConvolution2D(activation: layer.activation), [1, 1, 1, channels], [1, 1, 1, channels])
            case let layer as Convolution2D:
                (Convolution2D(activation: layer.activation), [1, 1, 1, 1], [channels, 1, 1, 1])
            case let layer as FullyConnected: (FullyConnected(activation: layer.activation), [1, 1], [channels, 1])
            case _: (node.operation, shape, shape)
            }
        func constant(_ shape: Shape, _ elements: [Int], as type: ElementType, _ grid: Quantization?) throws -> Operand
        {
            let result = ResultType(shape: shape, elementType: type, quantization: grid)
            return Operand(try Tensor.result(elements, as: result), quantization: grid)
        }
        let inputGrid = network[node.inputs[0]].quantization
        let zeros = [Int](repeating: inputGrid?.zeroPoint ?? 0, count: input.elementCount)
        let flat = (0..<channels).map { weights.zeroPoints[weights.zeroPoints.count == 1 ? 0 : $0] }
        let operands = [
            try constant(input, zeros, as: network[node.inputs[0]].elementType, inputGrid),
            try constant(filters, flat, as: network[id].elementType, weights),
            try constant([channels], sums, as: .int64, network[bias].quantization),
        ]
        let arithmetic = Arithmetic(runtime: network.runtime, accumulator: node.accumulator)
        return try operation.evaluate(
            operands, results: [resultType(of: node.outputs[0], shape: shape)], arithmetic: arithmetic)[0]
    }
}
