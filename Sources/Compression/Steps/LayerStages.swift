import Diagnostics
import Networks
import Tensors

/// One of the layers that take the place of a decomposed one.
struct LayerStage {
    var operation: any Operator
    /// Nil for an operator without weights.
    var weights: Tensor?
    /// One element an output channel; nil for none, or on the last stage for that of the layer.
    var bias: Tensor?
    /// Whether the layer's own bias, as the last stage has it, was computed by a stage before.
    var followsBias = false
}

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

    /// Replaces each layer by stages, collecting the faults of all of them.
    mutating func replaceEach(_ layers: [String], by stages: (Node, Tensor) throws -> [LayerStage]) throws -> [String] {
        try replaceInTurn(layers) { try stages($1, $2) }
    }

    /// Replaces each layer by stages that may look at the network as it is so far; no stages leave the layer as it is.
    mutating func replaceInTurn(
        _ layers: [String], by stages: (Network, Node, Tensor) throws -> [LayerStage]
    ) throws -> [String] {
        var (touched, findings): ([String], [Diagnostic]) = ([], [])
        for layer in layers {
            guard let place = network.place(ofLayer: layer),
                let weights = network.nodes[place].weights.flatMap({ network[$0].constant })
            else { continue }
            do {
                let made = try stages(network, network.nodes[place], weights)
                if !made.isEmpty { touched += try replace(layer: layer, with: made) }
            } catch let finding as Diagnostic {
                findings.append(finding.ofLayer(layer))
            }
        }
        guard findings.isEmpty else { throw Diagnostics(findings) }
        return touched
    }
}
