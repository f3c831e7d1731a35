import Execution
import Networks
import Tensors

/// Runs what a reader accepted, on zeros, where that is a matter of milliseconds.
enum BoundedRun {
    private static let mostElements = 1 << 14
    private static let mostMultiplications = 1 << 16

    /// Integer results of the fastest kernels must equal those of the definition.
    static func run(_ network: Network) throws {
        try network.verify(file: "fuzzed")
        guard isSmall(network) else { return }
        let inputs = network.inputs.compactMap { id in
            let value = network[id]
            return Tensor(
                shape: value.shape, littleEndian: .init(count: value.shape.elementCount * value.elementType.byteCount),
                type: value.elementType)
        }
        let expected = try Interpreter(network, kernels: .reference).run(inputs)
        let found = try Interpreter(network).run(inputs)
        for (one, other) in zip(expected, found) where one.elementType != .float32 {
            precondition(one.littleEndianBytes == other.littleEndianBytes, "kernels differ")
        }
    }

    private static func isSmall(_ network: Network) -> Bool {
        guard network.nodes.count <= 64 else { return false }
        guard network.values.allSatisfy({ $0.shape.elementCount <= mostElements }) else { return false }
        return network.nodes.allSatisfy { node in
            let (inputs, outputs) = network.shapes(of: node)
            return node.operation.loops(inputs: inputs, outputs: outputs).multiplications <= mostMultiplications
        }
    }
}
