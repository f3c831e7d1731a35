import Diagnostics
import Networks
import Tensors

extension CompressedNetwork {
    /// Puts `stages` in the place of a layer; the last keeps its name, bias and result, those before are `<layer>.1` and so on.
    ///
    /// - Returns: the names of all stages.
    mutating func replace(layer: String, with stages: [LayerStage]) throws -> [String] {
        guard let place = network.place(ofLayer: layer) else { return [] }
        let old = network.nodes[place]
        var made: [Node] = []
        var input = old.inputs[0]
        for (index, stage) in stages.enumerated() {
            let isLast = index == stages.count - 1
            let name = isLast ? layer : network.unusedName("\(layer).\(index + 1)")
            var inputs = [input]
            if let weights = stage.weights {
                inputs.append(network.append(Value(name: network.unusedName("\(name).weights"), constant: weights)))
            }
            if let bias = stage.bias {
                inputs.append(network.append(Value(name: network.unusedName("\(name).bias"), constant: bias)))
            } else if isLast, !stage.followsBias {
                inputs += old.inputs[2...]
            }
            var outputs = old.outputs
            if !isLast {
                let shapes = try stage.operation.outputShapes(of: inputs.map { network[$0].shape })
                outputs = shapes.map { network.append(Value(name: name, shape: $0, elementType: .float32)) }
                origins[name] = origin(of: layer)
            }
            made.append(
                Node(
                    name: name, operation: stage.operation, inputs: inputs, outputs: outputs,
                    accumulator: old.accumulator))
            input = outputs[0]
        }
        network.nodes.replaceSubrange(place...place, with: made)
        return made.map(\.name)
    }

    /// Replaces layers one after the other, each fitted to what the network rewritten so far gives it; collects all faults.
    ///
    /// - Parameter rewrite: changes the network it is given in the place of the layer, and returns the names of its parts.
    mutating func rewriteInTurn(
        _ layers: [String], by rewrite: (inout CompressedNetwork, Node, Tensor) throws -> [String]
    ) throws -> [String] {
        try changeEach(layers) { result, place in
            let node = result.network.nodes[place]
            guard let weights = node.weights.flatMap({ result.network[$0].constant }) else { return [] }
            return try rewrite(&result, node, weights)
        }
    }

    /// Replaces each layer by stages that may look at the network as it is so far; no stages leave the layer as it is.
    ///
    /// - Returns: the names of all stages.
    mutating func replaceInTurn(
        _ layers: [String], by stages: (Network, Node, Tensor) throws -> [LayerStage]
    ) throws -> [String] {
        try rewriteInTurn(layers) { result, node, weights in
            let made = try stages(result.network, node, weights)
            return made.isEmpty ? [] : try result.replace(layer: node.name, with: made)
        }
    }
}

extension Diagnostic {
    /// The remark on how well a rewritten layer answers.
    static func fitRemark(layer: String, error: Double) -> String {
        "layer '\(layer)': relative squared error \(Float(error)) of what it was fitted to"
    }
}
