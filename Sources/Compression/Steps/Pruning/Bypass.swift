import Networks
import Tensors

/// A way past layers: the result of a node becomes one of the values that it reads, clamped as before.
struct Bypass {
    /// The sum or layer, by name.
    var node: String
    /// The value that passes.
    var passing: ValueID
    var result: ValueID
    var activation: Activation
    /// Layers with weights that leave, in execution order.
    var layers: [String]
}

extension Network {
    /// All ways past residual branches and past layers that keep their input's shape, in execution order.
    var bypasses: [Bypass] {
        nodes.flatMap { node -> [Bypass] in
            if let sum = node.operation as? Addition {
                return [0, 1].compactMap { bypass(of: node, passing: node.inputs[$0], activation: sum.activation) }
            }
            guard node.weights != nil, let layer = node.operation as? any ActivatedOperator,
                let bypass = bypass(of: node, passing: node.inputs[0], activation: layer.activation)
            else { return [] }
            return [bypass]
        }
    }

    /// The way past `node`, or nil where shapes differ, no layer would leave, or more than a branch would.
    private func bypass(of node: Node, passing: ValueID, activation: Activation) -> Bypass? {
        guard self[passing].constant == nil, self[passing].shape == self[node.outputs[0]].shape else { return nil }
        var bypass = Bypass(
            node: node.name, passing: passing, result: node.outputs[0], activation: activation, layers: [])
        let remaining = Set(applying(bypass).nodes.map(\.name))
        let leaving = nodes.filter { $0.name == node.name || !remaining.contains($0.name) }
        bypass.layers = leaving.filter { $0.weights != nil }.map(\.name)
        guard !bypass.layers.isEmpty else { return nil }
        let made = Set(leaving.flatMap(\.outputs))
        let sources = self.sources(of: passing)
        let read = leaving.flatMap(\.inputs).filter { self[$0].constant == nil && !made.contains($0) }
        return read.allSatisfy(sources.contains) ? bypass : nil
    }

    /// A value and all from which it is computed.
    private func sources(of id: ValueID) -> Set<ValueID> {
        var sources: Set<ValueID> = [id]
        for node in nodes.reversed() where node.outputs.contains(where: sources.contains) {
            sources.formUnion(node.inputs)
        }
        return sources
    }

    /// The network with the value passing, without the nodes that nothing reads then.
    func applying(_ bypass: Bypass) -> Network {
        guard let place = place(ofLayer: bypass.node) else { return self }
        var network = self
        if isClamped(bypass) {
            network.nodes.remove(at: place)
            for index in network.nodes.indices {
                network.nodes[index].inputs = network.nodes[index].inputs.map {
                    $0 == bypass.result ? bypass.passing : $0
                }
            }
        } else {
            network.nodes[place] = Node(
                name: bypass.node, operation: Rectifier(activation: bypass.activation), inputs: [bypass.passing],
                outputs: [bypass.result])
        }
        return network.applying(DeadNodeRemoval())
    }

    /// Whether readers of the result can read the passing value itself.
    private func isClamped(_ bypass: Bypass) -> Bool {
        let (passing, result) = (self[bypass.passing], self[bypass.result])
        guard passing.elementType == result.elementType, passing.quantization == result.quantization,
            !outputs.contains(bypass.result)
        else { return false }
        let maker = nodes.first { $0.outputs.contains(bypass.passing) }?.operation
        let own = (maker as? any ActivatedOperator)?.activation ?? (maker as? Rectifier)?.activation
        return bypass.activation == .none || own == bypass.activation
    }
}
