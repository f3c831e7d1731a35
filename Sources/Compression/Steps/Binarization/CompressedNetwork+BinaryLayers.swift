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
        let grid = Quantization(format: .bipolar, scales: binary.alphas, axis: 0)
        let name = network[id].name
        network[id].constant = grid.reals(binary.signs, shape: network[id].shape)
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
        let (layer, result, activation) = (node.name, node.outputs, node.activation)
        let magnitudes = try append("magnitudes", of: layer, Multiplication(), [input, signs], to: &around.before)
        let map: ValueID
        if let convolution = node.operation as? Convolution2D {
            node.operation = Convolution2D(window: convolution.window)
            map = try boxed(magnitudes, as: node, window: convolution.window, to: &around.before)
        } else {
            node.operation = FullyConnected()
            map = try rowMeans(of: magnitudes, as: node, to: &around.before)
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

    /// The mean magnitude over channels and under the window of a convolution, for each position.
    private mutating func boxed(
        _ magnitudes: ValueID, as node: Node, window: Window, to nodes: inout [Node]
    ) throws -> ValueID {
        let (kernel, channels) = (network[node.inputs[1]].shape, network[magnitudes].shape.rank - 1)
        let mean = try append(
            "means", of: node.name, Mean(axes: [channels], keepsAxes: true), [magnitudes], to: &nodes)
        let taps = kernel[1] * kernel[2]
        let box = constant(
            node.name, "box",
            Tensor([1, kernel[1], kernel[2], 1], [Float](repeating: 1 / Float(taps), count: taps)))
        return try append("map", of: node.name, Convolution2D(window: window), [mean, box], to: &nodes)
    }

    /// The mean magnitude of each row that a fully connected layer multiplies.
    private mutating func rowMeans(
        of magnitudes: ValueID, as node: Node, to nodes: inout [Node]
    ) throws -> ValueID {
        let shape = network[magnitudes].shape
        let isMatrix = shape.extents.last == network[node.inputs[1]].shape[1]
        let axes = isMatrix ? [shape.rank - 1] : Array(0..<shape.rank)
        let map = try append("map", of: node.name, Mean(axes: axes, keepsAxes: true), [magnitudes], to: &nodes)
        guard network[map].shape.rank != 2 else { return map }
        let rows = network[map].shape.elementCount
        return try append("rows", of: node.name, Reshape(shape: [rows, 1]), [map], to: &nodes)
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
