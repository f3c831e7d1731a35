package import Networks

extension Network {
    /// This network and another one of equal inputs in one, with the outputs of both, so that one observation of a case sees both.
    ///
    /// Values and nodes of the other one lie behind those of this one, under names of their own.
    /// - Precondition: the other one has as many inputs, and the same runtime.
    package func paired(with other: Network) -> Network {
        precondition(inputs.count == other.inputs.count && runtime == other.runtime, "networks that are no pair")
        var (pair, taken) = (self, Set(values.map(\.name)).union(nodes.map(\.name)))
        func own(_ name: String) -> String {
            var name = name
            while !taken.insert(name).inserted { name += "'" }
            return name
        }
        let shared = Dictionary(zip(other.inputs, inputs), uniquingKeysWith: { first, _ in first })
        let places = other.values.indices.map { index in
            if let input = shared[ValueID(index)] { return input }
            var value = other.values[index]
            value.name = own(value.name)
            return pair.append(value)
        }
        pair.nodes += other.nodes.map { node in
            var node = node
            node.name = own(node.name)
            node.inputs = node.inputs.map { places[$0.index] }
            node.outputs = node.outputs.map { places[$0.index] }
            return node
        }
        pair.outputs += other.outputs.map { places[$0.index] }
        return pair
    }
}
