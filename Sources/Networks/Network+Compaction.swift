extension Network {
    /// The same network without values that no node, input or output names, renumbered in order.
    public func compacted() -> Network {
        var used = Set(inputs).union(outputs)
        for node in nodes {
            used.formUnion(node.inputs)
            used.formUnion(node.outputs)
        }
        var renumbered: [ValueID: ValueID] = [:]
        var kept: [Value] = []
        for index in values.indices where used.contains(ValueID(index)) {
            renumbered[ValueID(index)] = ValueID(kept.count)
            kept.append(values[index])
        }
        var network = self
        network.values = kept
        network.inputs = inputs.compactMap { renumbered[$0] }
        network.outputs = outputs.compactMap { renumbered[$0] }
        for index in network.nodes.indices {
            network.nodes[index].inputs = nodes[index].inputs.compactMap { renumbered[$0] }
            network.nodes[index].outputs = nodes[index].outputs.compactMap { renumbered[$0] }
        }
        return network
    }
}
