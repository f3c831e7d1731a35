import Compression
import Diagnostics
import FixedPoint
import Networks
import Tensors
import Testing

/// Thresholds of elements that fill 32 bits.
@Suite struct WideThresholdTests {
    /// Elements of 32 bits less a constant, and their signs, which a layer reads.
    private static func network(constant: Int8) throws -> Network {
        var network = Network(name: "test")
        func grid(_ format: NumberFormat, _ scale: Float) -> Quantization { Quantization(format: format, scale: scale) }
        func value(_ name: String, _ shape: Shape, _ grid: Quantization) -> ValueID {
            var value = Value(name: name, shape: shape, elementType: grid.storage)
            value.quantization = grid
            return network.append(value)
        }
        let coarse = grid(.int8, 0x1p25)
        let input = value("input", [1, 3], grid(.int32, 1))
        let narrow = value("narrow", [1, 3], coarse)
        let less = value("less", [1, 3], grid(.int8, 0x1p26))
        let signs = value("signs", [1, 3], grid(.bipolar, 1))
        let output = value("output", [1, 2], grid(.int8, 1))
        let constant = Value(
            name: "constant", constant: Tensor(shape: [1], elements: .int8([constant])), quantization: coarse)
        let weights = Value(
            name: "weights", constant: Tensor(shape: [2, 3], elements: .int8([1, -1, 1, 1, 1, 1])),
            quantization: grid(.bipolar, 1))
        let (term, filters) = (network.append(constant), network.append(weights))
        network.inputs = [input]
        network.outputs = [output]
        network.nodes = [
            Node(name: "narrow", operation: Quantize(), inputs: [input], outputs: [narrow]),
            Node(name: "less", operation: Subtraction(), inputs: [narrow, term], outputs: [less]),
            Node(name: "signs", operation: Quantize(), inputs: [less], outputs: [signs]),
            Node(name: "reader", operation: FullyConnected(), inputs: [signs, filters], outputs: [output]),
        ]
        return network
    }

    /// A sign that is never positive has a threshold above every element, which needs more than 32 bits.
    @Test(arguments: [100, 0]) func everyElementKeepsItsSign(constant: Int8) throws {
        let network = try Self.network(constant: constant)
        let folded = try ThresholdFolding(layers: ["reader"]).apply(
            to: CompressedNetwork(network), observing: ActivationStatistics())
        #expect(folded.network.nodes.map { $0.operation is Thresholds } == [true, false])
        #expect(folded.faults(file: "f").map(\.message) == [])
        for reals: [Float] in [[-0x1p31, 0, 0x1p31], [-1, 1, 0x1p30]] {
            let signs = try [network, folded.network].map { network in
                try network.evaluate([reals])[network.nodes[network.nodes.count - 1].inputs[0]]
            }
            #expect(signs[0] == signs[1])
        }
    }
}
