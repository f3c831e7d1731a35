import Execution
import FixedPoint
import Networks
import Tensors
import Testing

/// Padding of every rank and type against its definition.
@Suite struct PaddingKernelTests {
    @Test(arguments: 0..<4) func kernelEqualsItsDefinition(_ seed: Int) throws {
        var source = LayerSource(seed: UInt64(900 + seed))
        for _ in 0..<40 {
            let network = source.padding()
            let batch = (0..<1 + source.below(3)).map { _ in source.inputs(of: network) }
            let reference = try Interpreter(network, kernels: .reference)
            let expected = try batch.map { try reference.run($0)[0] }
            #expect(try Interpreter(network).run(together: batch).map { $0[0] } == expected, "\(network.nodes[0])")
        }
    }
}

extension LayerSource {
    mutating func padding() -> Network {
        let rank = 1 + below(4)
        let shape = Shape((0..<rank).map { _ in 1 + below(5) })
        let operation = Padding(
            before: (0..<rank).map { _ in below(3) }, after: (0..<rank).map { _ in below(3) },
            value: among([0, 1, -1, 2.5]))
        let formats: [NumberFormat?] = [nil, .bipolar, .int8, .uint8, .int16, .int32]
        let grid = among(formats).map { format in
            Quantization(format: format, scale: 0.5, zeroPoint: format == .bipolar ? 0 : below(4))
        }
        var network = Network(name: "padding")
        func value(_ name: String, _ shape: Shape) -> Value {
            Value(name: name, shape: shape, elementType: grid?.storage ?? .float32, quantization: grid)
        }
        let input = network.append(value("in", shape))
        guard let padded = try? operation.outputShapes(of: [shape])[0] else { return network }
        let output = network.append(value("out", padded))
        (network.inputs, network.outputs) = ([input], [output])
        network.nodes = [Node(name: "padding", operation: operation, inputs: [input], outputs: [output])]
        return network
    }
}
