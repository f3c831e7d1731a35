import Compression
import Diagnostics
import FixedPoint
import Foundation
import Networks
import Tensors
import Testing

@Suite struct CompressedNetworkFilesTests {
    static func sample() -> CompressedNetwork {
        var network = Network(name: "sample", runtime: .singleRounding)
        let grid = Quantization(format: .int8, scale: 0.5, zeroPoint: -3)
        let input = network.append(Value(name: "in", shape: [1, 4, 4, 2], elementType: .int8, quantization: grid))
        let filters = Tensor(shape: [3, 3, 3, 2], elements: .int8((0..<54).map { Int8($0 - 27) }))
        let format = NumberFormat(bits: 7, encoding: .symmetric)
        let scales = Quantization(format: format, scales: [0.1, 0.2, 0.3], zeroPoints: [0, 0, 0], axis: 0)
        let weights = network.append(Value(name: "w", constant: filters, quantization: scales))
        let output = network.append(Value(name: "out", shape: [1, 2, 2, 3], elementType: .int8, quantization: grid))
        network.inputs = [input]
        network.outputs = [output]
        let window = Window(strideHeight: 2, strideWidth: 2, padding: .init(bottom: 1, right: 1))
        network.nodes = [
            Node(
                name: "conv", operation: Convolution2D(window: window, activation: .relu6), inputs: [input, weights],
                outputs: [output], accumulator: Accumulator(bits: 24, overflow: .saturate))
        ]
        var compressed = CompressedNetwork(network)
        compressed.encodings = ["w": WeightEncoding(.relativeIndex(indexBits: 3), granularity: .kernel)]
        compressed.grids = ["w": scales]
        compressed.origins = ["conv": "convolution"]
        let entry = RecipeEntry(
            step: "a-step", layers: ["conv*"],
            parameters: ["b": .flag(true), "c": .number(0.1), "d": .text("x"), "e": .table(["conv": 4])])
        compressed.history = [
            AppliedStep(entry: entry, category: .coding, layers: ["conv"], remarks: ["Something was decided."])
        ]
        return compressed
    }

    @Test func filesHoldEverything() throws {
        let compressed = Self.sample()
        let files = try CompressedNetworkFiles(compressed)
        let copy = try files.compressedNetwork(folder: "f")
        #expect(copy.encodings == compressed.encodings)
        #expect(copy.grids == compressed.grids)
        #expect(copy.origins == compressed.origins)
        #expect(copy.history == compressed.history)
        #expect(copy.network.values.map(\.constant) == compressed.network.values.map(\.constant))
        #expect(try CompressedNetworkFiles(copy) == files)
    }

    @Test func truncatedFilesAreRefused() throws {
        let files = try CompressedNetworkFiles(Self.sample())
        for length in stride(from: 0, to: files.network.count - 2, by: 7) {
            var damaged = files
            damaged.network = files.network.prefix(length)
            #expect(throws: Diagnostics.self) { try damaged.compressedNetwork(folder: "f") }
        }
        for length in 0..<files.tensors.count {
            var damaged = files
            damaged.tensors = files.tensors.prefix(length)
            #expect(throws: Diagnostics.self) { try damaged.compressedNetwork(folder: "f") }
        }
    }

    @Test func damagedFilesAreReadOrRefused() throws {
        let files = try CompressedNetworkFiles(Self.sample())
        var random = SplitMix(seed: 7)
        for _ in 0..<3000 {
            var damaged = files
            let place = Int.random(in: 0..<files.network.count, using: &random)
            damaged.network[place] = UInt8.random(in: 32..<127, using: &random)
            do {
                let copy = try damaged.compressedNetwork(folder: "f")
                #expect(copy.faults(file: "f").isEmpty)
            } catch is Diagnostics {
                continue
            }
        }
    }

    @Test(arguments: [
        ("\"bits\" : 24", "\"bits\" : 240", "accumulator of 240 bits"),
        ("\"indexBits\" : 3", "\"indexBits\" : 63", "index of 63 bits"),
        ("\"schemaVersion\" : 1", "\"schemaVersion\" : 9", "version 9"),
        ("\"bits\" : 7", "\"bits\" : 3", "outside"),
        ("\"a-step\"", "12", "history"),
    ])
    func strangeNumbersAreNamed(_ good: String, _ bad: String, _ message: String) throws {
        var files = try CompressedNetworkFiles(Self.sample())
        let text = String(decoding: files.network, as: UTF8.self)
        try #require(text.contains(good))
        files.network = Data(text.replacingOccurrences(of: good, with: bad).utf8)
        let error = #expect(throws: Diagnostics.self) { try files.compressedNetwork(folder: "f") }
        let rendered = try #require(error).rendered()
        #expect(rendered.contains(message), "\(rendered)")
    }
}
