/// Removes nodes of which no result reaches an output of the network. Always applies.
public struct DeadNodeRemoval: NetworkPass {
    public static let name = "deadNodeRemoval"

    public init() {}

    public func applied(to network: Network) -> Network {
        var needed = Set(network.outputs)
        var kept: [Node] = []
        for node in network.nodes.reversed() where node.outputs.contains(where: needed.contains) {
            needed.formUnion(node.inputs)
            kept.append(node)
        }
        var result = network
        result.nodes = kept.reversed()
        return result
    }
}
