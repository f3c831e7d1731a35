import Networks
import Tensors

extension Network {
    /// The outputs for `inputs`, by the operators' own definitions.
    func evaluated(_ inputs: [Tensor]) throws -> [Tensor] {
        let known = try trace(inputs)
        return outputs.compactMap { known[$0] }
    }

    /// Every value for `inputs`.
    func trace(_ inputs: [Tensor]) throws -> [ValueID: Tensor] {
        var known = Dictionary(uniqueKeysWithValues: zip(self.inputs, inputs))
        for (index, value) in values.enumerated() { known[ValueID(index)] = known[ValueID(index)] ?? value.constant }
        for node in nodes {
            let operands = node.inputs.compactMap { id in
                known[id].map { Operand($0, quantization: self[id].quantization) }
            }
            let results = node.outputs.map { id in
                ResultType(
                    shape: self[id].shape, elementType: self[id].elementType, quantization: self[id].quantization)
            }
            let arithmetic = Arithmetic(runtime: runtime, accumulator: node.accumulator)
            let tensors = try node.operation.evaluate(operands, results: results, arithmetic: arithmetic)
            for (id, tensor) in zip(node.outputs, tensors) { known[id] = tensor }
        }
        return known
    }
}
