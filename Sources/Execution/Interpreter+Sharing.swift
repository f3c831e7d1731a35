import Networks

extension Interpreter {
    /// For each node, the values that no later node and no output reads.
    static func releases(in network: Network) -> [[ValueID]] {
        var last: [ValueID: Int] = [:]
        for (index, node) in network.nodes.enumerated() {
            for id in node.inputs + node.outputs { last[id] = index }
        }
        for id in network.outputs { last[id] = nil }
        var released = [[ValueID]](repeating: [], count: network.nodes.count)
        for (id, index) in last where network[id].constant == nil { released[index].append(id) }
        return released
    }

    /// The values that both networks compute alike and call by the same name.
    static func shared(_ network: Network, base: Network, unchanged: Set<Int>) -> Set<ValueID> {
        let names = Dictionary(
            base.values.indices.map { (base.values[$0].name, ValueID($0)) }, uniquingKeysWith: { first, _ in first })
        let producers = base.producers
        let byName = Dictionary(base.nodes.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        var shared: Set<ValueID> = []
        for id in network.inputs {
            if let twin = names[network[id].name], base.inputs.contains(twin), isSameKind(network[id], base[twin]) {
                shared.insert(id)
            }
        }
        guard shared.count == network.inputs.count else { return [] }
        for index in network.nodes.indices where unchanged.contains(index) {
            let node = network.nodes[index]
            guard let twin = byName[node.name] else { continue }
            let sameInputs = zip(node.inputs, twin.inputs).allSatisfy { one, two in
                network[one].constant != nil || (shared.contains(one) && network[one].name == base[two].name)
            }
            let sameOutputs = zip(node.outputs, twin.outputs).allSatisfy { one, two in
                network[one].name == base[two].name && producers[two] != nil
            }
            if sameInputs && sameOutputs { shared.formUnion(node.outputs) }
        }
        return shared
    }

    private static func isSameKind(_ one: Value, _ two: Value) -> Bool {
        one.shape == two.shape && one.elementType == two.elementType && one.quantization == two.quantization
    }
}
