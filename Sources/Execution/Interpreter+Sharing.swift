import Diagnostics
import Networks
import Tensors

extension Interpreter {
    /// The values of a trace that this network computes as its base did, and the network's inputs.
    ///
    /// - Throws: `Diagnostic` when the trace lacks an input or holds another kind of tensor.
    func resumed(_ trace: Trace) throws -> [ValueID: Tensor] {
        var known: [ValueID: Tensor] = [:]
        for id in shared.union(network.inputs) {
            let value = network[id]
            guard let tensor = trace[value.name] else {
                if network.inputs.contains(id) { throw Diagnostic("the trace has no value '\(value.name)'") }
                continue
            }
            guard tensor.shape == value.shape, tensor.elementType == value.elementType else {
                throw Diagnostic(
                    "'\(value.name)' is \(tensor.elementType.rawValue) of \(tensor.shape) where "
                        + "\(value.elementType.rawValue) of \(value.shape) is declared")
            }
            known[id] = tensor
        }
        return known
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
