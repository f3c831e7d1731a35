import FixedPoint
import Foundation
import Networks
import Tensors
import Testing

@Suite struct NetworkSummaryTests {
    /// Two fully connected layers with a view between them; integer weights of 4 bits in the first one.
    private var network: Network {
        var network = Network(name: "test")
        func append(_ value: Value) -> ValueID { network.append(value) }
        let int4 = Quantization(format: NumberFormat(bits: 4, encoding: .twosComplement), scale: 1)
        let input = append(Value(name: "x", shape: [1, 4], elementType: .float32))
        let first = append(
            Value(
                name: "w1", constant: Tensor(shape: [3, 4], elements: .int8([0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 2, -2])),
                quantization: int4))
        let second = append(Value(name: "w2", constant: Tensor([1, 3], [1, 2, 0])))
        let bias = append(Value(name: "b2", constant: Tensor([1], [1])))
        let middle = append(Value(name: "m", shape: [1, 3], elementType: .float32))
        let view = append(Value(name: "v", shape: [3], elementType: .float32))
        let output = append(Value(name: "y", shape: [1, 1], elementType: .float32))
        (network.inputs, network.outputs) = ([input], [output])
        network.nodes = [
            Node(name: "one", operation: FullyConnected(), inputs: [input, first], outputs: [middle]),
            Node(name: "view", operation: Reshape(shape: [3]), inputs: [middle], outputs: [view]),
            Node(name: "two", operation: FullyConnected(), inputs: [view, second, bias], outputs: [output]),
        ]
        return network
    }

    @Test func countsBitsZerosAndEntropy() throws {
        let summary = NetworkSummary(network)
        #expect(summary.totals.macs == 15 && summary.totals.fcMacs == 15 && summary.totals.convMacs == 0)
        #expect(summary.totals.parameters == 16 && summary.totals.fcParameters == 16)
        #expect(summary.totals.weightBytes == 6 + 12 + 4)
        #expect(summary.totals.peakActivationBytes == 16 + 12)
        let layer = summary.layers[0]
        #expect(layer.weightBits == 4 && layer.weightZeroFraction == 0.5)
        let shares = [6.0, 3, 2, 1].map { $0 / 12 }
        #expect(abs(layer.weightEntropyBits + shares.reduce(0) { $0 + $1 * log2($1) }) < 1e-12)
        #expect(summary.layers[2].weightEntropyBits == log2(3))
        #expect(summary.layers[1].macs == 0 && summary.layers[1].weightBits == 0)
    }

    @Test func keysAreThoseOfInspect() throws {
        let text = String(decoding: try JSONEncoder().encode(NetworkSummary(network)), as: UTF8.self)
        let keys = [
            "totals", "macs", "convMacs", "fcMacs", "parameters", "convParameters", "fcParameters", "weightBytes",
            "peakActivationBytes", "layers", "name", "operator", "inputShape", "outputShape", "weightBits",
            "activationBits", "weightZeroFraction", "weightEntropyBits",
        ]
        for key in keys { #expect(text.contains("\"\(key)\":")) }
    }
}
