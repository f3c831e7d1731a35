import Networks
import Tensors

/// Everything that a node's results depend on, besides the values of its inputs.
struct Layer: Sendable {
    let node: Node
    /// Each input: shape, stored type, quantization, and the elements of a constant.
    let inputs: [Value]
    let results: [ResultType]
    let arithmetic: Arithmetic

    init(_ node: Node, in network: Network) {
        self.node = node
        inputs = node.inputs.map { network[$0] }
        results = node.outputs.map {
            let value = network[$0]
            return ResultType(shape: value.shape, elementType: value.elementType, quantization: value.quantization)
        }
        arithmetic = Arithmetic(runtime: network.runtime, accumulator: node.accumulator)
    }

    /// Places of the inputs that are not constants.
    var variables: [Int] { inputs.indices.filter { inputs[$0].constant == nil } }

    /// Whether both layers compute the same results from the same inputs.
    func computesSame(as other: Layer) -> Bool {
        guard isEqual(node.operation, other.node.operation), arithmetic == other.arithmetic,
            inputs.count == other.inputs.count, results.count == other.results.count
        else { return false }
        let sameInputs = zip(inputs, other.inputs).allSatisfy { one, two in
            one.shape == two.shape && one.elementType == two.elementType && one.quantization == two.quantization
                && one.constant == two.constant
        }
        return sameInputs
            && zip(results, other.results).allSatisfy { one, two in
                one.shape == two.shape && one.elementType == two.elementType && one.quantization == two.quantization
            }
    }
}

private func isEqual<Operation: Operator>(_ one: Operation, _ two: any Operator) -> Bool {
    (two as? Operation) == one
}
