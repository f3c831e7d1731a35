public import Networks

/// The layers of a network whose output channels must leave together.
public struct ChannelGroups: Sendable, Hashable {
    /// Layers tied to each other, such as the partners of a residual sum.
    public struct Group: Sendable, Hashable {
        /// Names of the layers with weights, in execution order.
        public var layers: [String]
        /// Channels that can leave or stay independently of each other.
        public var channels: Int
        /// Those of them that may leave; 0 where channels are the network's own inputs or outputs.
        public var removable: Int
    }

    /// In the order of each group's first layer.
    public let groups: [Group]

    public init(of network: Network) {
        groups = ChannelAnalysis(network).groups.map { group in
            Group(layers: group.layers, channels: group.roots.count, removable: group.removable.count)
        }
    }
}

extension ChannelAnalysis {
    /// A set of layers with the classes of units that they write.
    package struct Group {
        package var layers: [String]
        /// Ascending.
        package var roots: [Int]
        /// Those that are not frozen, ascending.
        package var removable: [Int]
    }

    /// The classes of units that each layer with weights writes, by place in the network.
    private var written: [(layer: String, roots: Set<Int>)] {
        network.nodes.compactMap { node in
            guard let weights = node.weights, isConstant(weights), let channels = channels(of: node.outputs[0]) else {
                return nil
            }
            return (node.name, Set(channels.units.map(root)))
        }
    }

    /// Layers connected by the units that they share.
    package var groups: [Group] {
        var groups: [(layers: [String], roots: Set<Int>)] = []
        for (layer, roots) in written {
            let connected = groups.indices.filter { !groups[$0].roots.isDisjoint(with: roots) }
            guard let first = connected.first else {
                groups.append(([layer], roots))
                continue
            }
            groups[first].roots.formUnion(roots)
            for other in connected.dropFirst() {
                groups[first].layers += groups[other].layers
                groups[first].roots.formUnion(groups[other].roots)
            }
            groups[first].layers.append(layer)
            for other in connected.dropFirst().reversed() { groups.remove(at: other) }
        }
        let places = Dictionary(
            network.nodes.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
        return groups.map { layers, roots in
            Group(
                layers: layers.sorted { places[$0] ?? 0 < places[$1] ?? 0 }, roots: roots.sorted(),
                removable: roots.filter { !isFrozen($0) }.sorted())
        }
    }

    /// The sum of the magnitudes of all weights that make a class of units, by root.
    var saliencies: [Int: Double] {
        var sums: [Int: Double] = [:]
        for node in network.nodes {
            guard let weights = node.weights, isConstant(weights), let channels = channels(of: node.outputs[0]) else {
                continue
            }
            let value = network[weights]
            let index = ChannelIndexing(value.shape, axis: network.outputAxis(ofWeightsOf: node))
            var own = [Double](repeating: 0, count: channels.units.count)
            for (place, real) in value.reals.enumerated() { own[index.channel(of: place)] += abs(real) }
            for (unit, sum) in zip(channels.units, own) { sums[root(of: unit), default: 0] += sum }
        }
        return sums
    }
}
