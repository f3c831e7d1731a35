import Compression
import Diagnostics
import FixedPoint
import Networks
import Tensors
import Testing

extension Network {
    /// Every value of the network for one case of reals, by the operators' own definitions.
    func evaluate(_ reals: [[Float]]) throws -> [ValueID: Tensor] {
        var tensors: [ValueID: Tensor] = [:]
        for (index, value) in values.enumerated() {
            if let constant = value.constant { tensors[ValueID(index)] = constant }
        }
        for (input, elements) in zip(inputs, reals) { tensors[input] = self[input].tensor(of: elements) }
        for node in nodes {
            let operands = node.inputs.compactMap { id in
                tensors[id].map { Operand($0, quantization: self[id].quantization) }
            }
            let types = node.outputs.map { id in
                ResultType(
                    shape: self[id].shape, elementType: self[id].elementType, quantization: self[id].quantization)
            }
            let arithmetic = Arithmetic(runtime: runtime, accumulator: node.accumulator)
            let results = try node.operation.evaluate(operands, results: types, arithmetic: arithmetic)
            for (output, result) in zip(node.outputs, results) { tensors[output] = result }
        }
        return tensors
    }

    /// The reals of the first output.
    func output(_ reals: [Float]) throws -> [Float] {
        let tensors = try evaluate([reals])
        return outputs.first.flatMap { id in
            tensors[id].map { Operand($0, quantization: self[id].quantization).reals }
        } ?? []
    }
}

extension Value {
    /// Reals on this value's grid.
    fileprivate func tensor(of reals: [Float]) -> Tensor? {
        guard let quantization else { return Tensor(shape, reals) }
        let integers = reals.map { real in
            let integer = Int((Double(real) / Double(quantization.scale)).rounded()) + quantization.zeroPoint
            return min(max(integer, quantization.format.minimum), quantization.format.maximum)
        }
        return Tensor(shape, integers: integers, storedAs: elementType)
    }
}

/// Observes a network on given cases with one input each.
struct CaseObserver: ActivationObserver {
    var cases: [[Float]]

    func statistics(of network: Network) throws -> ActivationStatistics {
        var statistics = ActivationStatistics()
        for reals in cases {
            for (id, tensor) in try network.evaluate([reals]) where network[id].constant == nil {
                statistics.record(tensor.floats, of: network[id].name)
            }
        }
        return statistics
    }

    func observe(_ values: [ValueID], of network: Network, _ body: ([Tensor]) throws -> Void) throws {
        for reals in cases {
            let tensors = try network.evaluate([reals])
            try body(
                values.compactMap { id in
                    tensors[id].map { Tensor($0.shape, Operand($0, quantization: network[id].quantization).reals) }
                })
        }
    }
}

extension CompressedNetwork {
    /// What a step makes of a network that it calibrates on cases; without faults.
    static func applying(
        _ step: any CompressionStep, to network: Network, cases: [[Float]]
    ) throws -> CompressedNetwork {
        let result = try CompressedNetwork(network).applying([step], observing: CaseObserver(cases: cases))
        #expect(result.faults(file: "test").map(\.message) == [])
        return result
    }
}
