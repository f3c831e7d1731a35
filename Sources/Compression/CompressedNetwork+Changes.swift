import Networks
import Quantities
import Tensors
import Workloads

extension CompressedNetwork {
    /// What has become more than it was in `given`, or that nothing has changed, a sentence each: compression is to make it less.
    func changes(since given: CompressedNetwork) -> [String] {
        if isSame(as: given) { return ["nothing changes"] }
        var remarks: [String] = []
        let (before, after) = (given.weightBits, self.weightBits)
        if after > before { remarks.append("weights grow from \(before.bytes) to \(after.bytes) bytes") }
        let (less, more) = (given.multiplications, multiplications)
        if more > less { remarks.append("multiplications grow from \(less) to \(more)") }
        return remarks
    }

    /// Whether another network computes the same in the same way and stores the same.
    private func isSame(as other: CompressedNetwork) -> Bool {
        guard codedConstants == other.codedConstants, compositions == other.compositions, grids == other.grids,
            network.nodes.count == other.network.nodes.count, network.values.count == other.network.values.count
        else { return false }
        return zip(network.nodes, other.network.nodes).allSatisfy { $0.isSame(as: $1) }
            && zip(network.values, other.network.values).allSatisfy { $0.isSame(as: $1) }
    }

    /// The encodings that are not the one of constants without an entry.
    private var codedConstants: [String: WeightEncoding] { encodings.filter { $0.value != .dense } }

    /// Bits of the weights of all layers as they are stored.
    var weightBits: Int {
        network.nodes.reduce(0) { sum, node in
            guard let id = node.weights, let constant = network[id].constant else { return sum }
            let value = network[id]
            if let composition = compositions[value.name] { return sum + composition.size.count }
            let encoding = encodings[value.name] ?? .dense
            guard let symbols = WeightSymbols(constant, quantization: value.quantization, grid: grids[value.name])
            else {
                return sum + constant.shape.elementCount * constant.elementType.byteCount * 8
            }
            guard encoding != .dense else { return sum + symbols.patterns.count * symbols.width }
            let groups = WeightGroups(
                shape: value.shape, computeClass: node.operation.computeClass, granularity: encoding.granularity)
            return sum + encoding.measure(symbols, groups: groups).size.count
        }
    }

    private var multiplications: Int {
        network.nodes.reduce(0) { sum, node in
            let (inputs, outputs) = network.shapes(of: node)
            return sum + node.operation.loops(inputs: inputs, outputs: outputs).multiplications
        }
    }
}

extension Int {
    /// Whole bytes of so many bits.
    var bytes: Int { (self + 7) / 8 }
}

extension Node {
    fileprivate func isSame(as other: Node) -> Bool {
        guard name == other.name, inputs == other.inputs, outputs == other.outputs else { return false }
        return accumulator == other.accumulator && AnyHashable(operation) == AnyHashable(other.operation)
    }
}

extension Value {
    fileprivate func isSame(as other: Value) -> Bool {
        guard name == other.name, elementType == other.elementType, form == other.form else { return false }
        return quantization == other.quantization && constant == other.constant
    }
}
