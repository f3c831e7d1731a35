import Diagnostics
package import Networks
import Tensors
import Workloads

extension Network {
    /// The place of the node called `name`.
    func place(ofLayer name: String) -> Int? {
        nodes.firstIndex { $0.name == name }
    }

    /// The node called `name`.
    func node(ofLayer name: String) -> Node? {
        nodes.first { $0.name == name }
    }

    /// A layer whose weights are constant reals, at least one, or nil for another.
    func floatLayer(_ name: String) -> (node: Node, weights: Tensor)? {
        guard let node = node(ofLayer: name), let weights = node.weights.flatMap({ self[$0].constant }),
            weights.elementType == .float32, weights.shape.elementCount > 0
        else { return nil }
        return (node, weights)
    }

    /// A convolution in one group whose weights are constant reals, or nil for another layer.
    func plainConvolution(_ layer: String) -> (operation: Convolution2D, weights: Tensor)? {
        guard let (node, weights) = floatLayer(layer), let operation = node.operation as? Convolution2D,
            operation.groups == 1
        else { return nil }
        return (operation, weights)
    }

    /// The axis of a layer's weights along which output channels lie.
    func outputAxis(ofWeightsOf node: Node) -> Int {
        node.operation.computeClass == .depthwise ? self[node.inputs[1]].shape.rank - 1 : 0
    }

    /// Makes sure that no other node reads the constant operand, copying it if need be, and returns it.
    mutating func own(operand: Int, ofNodeAt place: Int) -> ValueID {
        let id = nodes[place].inputs[operand]
        let readers = nodes.indices.filter { nodes[$0].inputs.contains(id) }
        guard readers.count > 1 || outputs.contains(id) else { return id }
        var copy = self[id]
        copy.name = unusedName(copy.name)
        let owned = append(copy)
        nodes[place].inputs[operand] = owned
        return owned
    }
}

extension Network {
    /// Why a layer cannot get other weights on reals or on a grid of integers, or nil if it can.
    func refusalOfNewWeights(for layer: String) -> String? {
        guard let node = node(ofLayer: layer), let id = node.weights,
            LayerPatches(node, in: self) != nil, self[id].shape.elementCount > 0
        else { return "neither a convolution nor a fully connected layer" }
        guard self[id].isFloat || (self[id].quantization != nil && self[node.inputs[0]].quantization != nil) else {
            return "its integers stand for no reals"
        }
        return nil
    }
}

extension Value {
    /// The reals for which a constant's elements stand; the elements themselves for a float constant.
    package var reals: [Double] {
        guard let constant else { return [] }
        guard let quantization, let integers = constant.integers else {
            return constant.floats.map(Double.init)
        }
        let channels = ChannelIndexing(shape, axis: quantization.axis)
        var reals = [Double](repeating: 0, count: integers.count)
        channels.forEachRun(of: integers.count) { channel, run in
            let (scale, zeroPoint) = (Double(quantization.scales[channel]), quantization.zeroPoints[channel])
            for place in run { reals[place] = scale * Double(integers[place] - zeroPoint) }
        }
        return reals
    }

    /// `true` when the elements are reals.
    var isFloat: Bool { elementType == .float32 }
}

extension CompressedNetwork {
    /// Makes sure that a layer owns its weights; stored forms and grids follow a copy.
    mutating func ownWeights(ofNodeAt place: Int) -> ValueID? {
        guard let operand = network.nodes[place].operation.weightOperand else { return nil }
        let before = network[network.nodes[place].inputs[operand]].name
        let id = network.own(operand: operand, ofNodeAt: place)
        let after = network[id].name
        if after != before {
            encodings[after] = encodings[before]
            compositions[after] = compositions[before]
            grids[after] = grids[before]
        }
        return id
    }
}

extension LayerSelection {
    /// Those of the selected layers for which `reason` has none against.
    ///
    /// - Throws: `Diagnostics` when a layer that is named without wildcards is refused, or when no layer is left.
    func admit(_ layers: [String], to step: String, reason: (String) -> String?) throws -> [String] {
        var (refused, passed): ([Diagnostic], [(layer: String, reason: String)]) = ([], [])
        let admitted = layers.filter { layer in
            guard let reason = reason(layer) else { return true }
            if patterns.contains(layer) || layers.count == 1 {
                refused.append(Diagnostic(layer: layer, "\(step) does not apply: \(reason)"))
            }
            passed.append((layer, reason))
            return false
        }
        guard refused.isEmpty else { throw Diagnostics(refused) }
        guard !admitted.isEmpty else {
            let reasons = passed.first.map { "; layer '\($0.layer)': \($0.reason)" } ?? ""
            throw Diagnostics([Diagnostic("\(step) applies to none of the selected layers\(reasons)")])
        }
        return admitted
    }
}
