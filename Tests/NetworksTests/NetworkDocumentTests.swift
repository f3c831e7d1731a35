import Diagnostics
import FixedPoint
import Foundation
import Networks
import Tensors
import Testing

@Suite struct NetworkDocumentTests {
    static func sample() -> Network {
        var network = Network(name: "sample", runtime: .singleRounding)
        let grid = Quantization(format: .int8, scale: 0.5, zeroPoint: -3)
        let input = network.append(Value(name: "in", shape: [1, 4, 4, 2], elementType: .int8, quantization: grid))
        let filters = Tensor(shape: [3, 3, 3, 2], elements: .int8((0..<54).map { Int8($0 - 27) }))
        let weights = network.append(
            Value(
                name: "w", constant: filters,
                quantization: Quantization(
                    format: NumberFormat(bits: 7, encoding: .symmetric), scales: [0.1, 0.2, 0.3],
                    zeroPoints: [0, 0, 0],
                    axis: 0)))
        let output = network.append(Value(name: "out", shape: [1, 2, 2, 3], elementType: .int8, quantization: grid))
        network.inputs = [input]
        network.outputs = [output]
        let window = Window(strideHeight: 2, strideWidth: 2, padding: .init(bottom: 1, right: 1))
        network.nodes = [
            Node(
                name: "conv", operation: Convolution2D(window: window, activation: .relu6), inputs: [input, weights],
                outputs: [output], accumulator: Accumulator(bits: 24, overflow: .saturate))
        ]
        return network
    }

    @Test func documentAndTensorsGiveTheSameNetwork() throws {
        let network = Self.sample()
        try network.verify(file: "sample")
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let json = try encoder.encode(NetworkDocument(network))
        let tensors = try Safetensors.encode(["w": try #require(network.values[1].constant)])
        let copy = try JSONDecoder().decode(NetworkDocument.self, from: json)
            .network(constants: try Safetensors.decode(tensors, name: "t"), file: "t")
        #expect(try encoder.encode(NetworkDocument(copy)) == json)
        #expect(copy.values[1].constant == network.values[1].constant)
    }

    @Test func aMissingTensorIsNamed() throws {
        let document = NetworkDocument(Self.sample())
        #expect(throws: Diagnostic.self) { try document.network(constants: [:], file: "t") }
    }

    /// Tensors lie one behind the other from the first byte to the last: a small file cannot stand for a large one.
    @Test(arguments: [("[8,16]", "[0,8] "), ("[0,8]", "[1,9]"), ("[0,8]", "[8,8]")])
    func tensorsThatOverlapOrLeaveGapsAreRefused(good: String, bad: String) throws {
        let file = try Safetensors.encode(["a": Tensor([2], [1, 2]), "b": Tensor([2], [3, 4])])
        let place = try #require(file.firstRange(of: Data(good.utf8)))
        var changed = file
        changed.replaceSubrange(place, with: Data(bad.utf8))
        #expect(throws: Diagnostic.self) { try Safetensors.decode(changed, name: "t") }
        #expect(throws: Diagnostic.self) { try Safetensors.decode(file + [0], name: "t") }
        #expect(try Safetensors.decode(file, name: "t").count == 2)
    }

    @Test func damagedTensorFilesAreRefused() throws {
        let file = try Safetensors.encode(["a": Tensor([2, 2], [1, 2, 3, 4])])
        for length in 0..<file.count {
            #expect(throws: Diagnostic.self) { try Safetensors.decode(file.prefix(length), name: "t") }
        }
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            var damaged = file
            damaged[Int.random(in: 0..<file.count, using: &generator)] ^= 1 << Int.random(in: 0..<8, using: &generator)
            _ = try? Safetensors.decode(damaged, name: "t")
        }
    }
}
