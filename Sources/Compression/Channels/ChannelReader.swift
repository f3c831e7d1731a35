import Networks

/// A layer that multiplies real weights with channels, whose inputs may be cut and whose weights may be fitted again.
package struct ChannelReader: Sendable {
    package let layer: String
    package let patches: LayerPatches
    /// The class of units of every column of the patches.
    package let classes: [Int]

    package init(layer: String, patches: LayerPatches, classes: [Int]) {
        (self.layer, self.patches, self.classes) = (layer, patches, classes)
    }
}

extension ChannelAnalysis {
    /// The layers that read channels of these classes with weights of their own, in execution order.
    package func readers(of roots: [Int]) -> [ChannelReader] {
        let wanted = Set(roots)
        return network.nodes.compactMap { node in
            guard let id = node.weights, network[id].isFloat, network[node.inputs[0]].isFloat,
                let patches = LayerPatches(node, in: network), let slice = slices[id]?.first(where: \.isSummed),
                network.nodes.count(where: { $0.inputs.contains(id) }) == 1
            else { return nil }
            let own = slice.units.map(root)
            guard own.contains(where: wanted.contains) else { return nil }
            return ChannelReader(
                layer: node.name, patches: patches, classes: (0..<patches.columns).map { own[$0 % own.count] })
        }
    }
}
