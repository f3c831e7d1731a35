import Diagnostics
import FixedPoint
import Networks
import Tensors

extension CompressedNetwork {
    /// Puts a layer on signs in the place of a float one, with the nodes around it that make signs and scales.
    ///
    /// - Returns: the names of all nodes made, the layer's among them.
    mutating func replace(layer: String, byBinary binary: BinaryLayer) throws -> [String] {
        guard let place = network.place(ofLayer: layer), let id = ownWeights(ofNodeAt: place) else { return [] }
        let old = network.nodes[place]
        var around = (before: [Node](), after: [Node]())
        var input = old.inputs[0]
        if let offsets = binary.offsets {
            let constant = constant(layer, "offsets", Tensor([offsets.count], offsets))
            input = try append("centered", of: layer, Subtraction(), [input, constant], to: &around.before)
        }
        let beta = constant(layer, "magnitude", Tensor([1], [binary.beta ?? 1]))
        let signs = try append("signs", of: layer, BipolarQuantization(), [input, beta], to: &around.before)
        let axis = 0
        let grid = Quantization(
            format: .bipolar, scales: binary.alphas, zeroPoints: [Int](repeating: 0, count: binary.alphas.count),
            axis: axis)
        let (shape, name) = (network[id].shape, network[id].name)
        let channels = ChannelIndexing(shape, axis: axis)
        let reals = binary.signs.indices.map { Float(binary.signs[$0]) * binary.alphas[channels.channel(of: $0)] }
        network[id].constant = Tensor(shape, reals)
        (grids[name], encodings[name], compositions[name]) = (grid, nil, nil)
        var node = old
        node.inputs[0] = signs
        let bias = constant(layer, "terms", Tensor([binary.bias.count], binary.bias))
        if binary.beta == nil {
            try scale(&node, by: input, signs: signs, bias: bias, around: &around)
        } else {
            node.inputs = [signs, id, bias]
        }
        network.nodes.replaceSubrange(place...place, with: around.before + [node] + around.after)
        return (around.before + [node] + around.after).map(\.name)
    }

    /// Multiplies the result of a layer by the mean magnitudes around each position, and adds the bias behind.
    private mutating func scale(
        _ node: inout Node, by input: ValueID, signs: ValueID, bias: ValueID,
        around: inout (before: [Node], after: [Node])
    ) throws {
        let (layer, result) = (node.name, node.outputs)
        let magnitudes = try append("magnitudes", of: layer, Multiplication(), [input, signs], to: &around.before)
        let rank = network[input].shape.rank
        var map: ValueID
        var activation = Activation.none
        if let convolution = node.operation as? Convolution2D, let weights = node.weights {
            let kernel = network[weights].shape
            let mean = try append(
                "means", of: layer, Mean(axes: [rank - 1], keepsAxes: true), [magnitudes], to: &around.before)
            let share = 1 / Float(kernel[1] * kernel[2])
            let box = constant(
                layer, "box",
                Tensor([1, kernel[1], kernel[2], 1], [Float](repeating: share, count: kernel[1] * kernel[2])))
            map = try append(
                "map", of: layer, Convolution2D(window: convolution.window), [mean, box], to: &around.before)
            activation = convolution.activation
            node.operation = Convolution2D(window: convolution.window)
        } else {
            let isMatrix = network[input].shape.extents.last == node.weights.map { network[$0].shape[1] }
            let axes = isMatrix ? [rank - 1] : Array(0..<rank)
            map = try append("map", of: layer, Mean(axes: axes, keepsAxes: true), [magnitudes], to: &around.before)
            let rows = network[map].shape.elementCount
            if network[map].shape.rank != 2 {
                map = try append("rows", of: layer, Reshape(shape: [rows, 1]), [map], to: &around.before)
            }
            activation = (node.operation as? FullyConnected)?.activation ?? .none
            node.operation = FullyConnected()
        }
        node.inputs = [signs] + node.inputs[1..<2]
        let shapes = network.shapes(of: node).outputs
        node.outputs = shapes.map {
            network.append(
                Value(name: network.unusedName("\(layer).counts"), shape: $0, elementType: .float32))
        }
        let scaled = try append("scaled", of: layer, Multiplication(), [node.outputs[0], map], to: &around.after)
        let name = network.unusedName("\(layer).biased")
        origins[name] = origin(of: layer)
        around.after.append(
            Node(name: name, operation: Addition(activation: activation), inputs: [scaled, bias], outputs: result))
    }

    private mutating func constant(_ layer: String, _ stem: String, _ tensor: Tensor) -> ValueID {
        network.append(Value(name: network.unusedName("\(layer).\(stem)"), constant: tensor))
    }

    /// A node of one float result beside a layer, appended to `nodes`.
    private mutating func append(
        _ stem: String, of layer: String, _ operation: any Operator, _ inputs: [ValueID], to nodes: inout [Node]
    ) throws -> ValueID {
        let name = network.unusedName("\(layer).\(stem)")
        let shapes = try operation.outputShapes(of: inputs.map { network[$0].shape })
        let result = network.append(Value(name: name, shape: shapes[0], elementType: .float32))
        origins[name] = origin(of: layer)
        nodes.append(Node(name: name, operation: operation, inputs: inputs, outputs: [result]))
        return result
    }
}
