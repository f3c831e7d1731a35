import Compression
import Diagnostics
import FixedPoint
import Foundation
import Networks
import Quantities
import Tensors
import Testing
import Workloads

/// N of M weights from the step that prunes them to the files that hold them.
@Suite struct NeighbourStorageTests {
    private let observer = CaseObserver(cases: [])

    /// A convolution and a depthwise layer of 8-bit integers, pruned to a pattern.
    private func pruned(_ pattern: NeighbourPattern?, inputs: Int = 16) throws -> CompressedNetwork {
        var builder = NetworkBuilder(input: [1, 5, 5, inputs], seed: 6)
        let image = try builder.convolution(builder.input, outputs: 8, name: "conv")
        let output = try builder.depthwise(image)
        let network = builder.finished(output)
        let cases = CaseObserver(cases: [builder.sample()])
        let steps: [any CompressionStep] = pattern.map { [NMSparsity(pattern: $0)] } ?? []
        return try CompressedNetwork(network).applying(steps + [FixedPointQuantization()], observing: cases)
    }

    /// `N (8 + log2 M)` bits for every M weights are the smallest form wherever a bitmap of M bits is not smaller.
    @Test(arguments: [NeighbourPattern.oneOfTwo, .oneOfFour, .twoOfFour, .oneOfEight, .twoOfEight, .fourOfEight])
    func bestFindsThePattern(_ pattern: NeighbourPattern) throws {
        let given = try pruned(pattern)
        let best = try StorageCoding(symbols: .plain).apply(to: given, observing: observer)
        let asked = try StorageCoding(layers: ["conv"], coding: .neighbours, symbols: .plain).apply(
            to: given, observing: observer)
        let id = try #require(given.network.nodes[0].weights)
        let count = given.network[id].shape.elementCount
        let places = Int(log2(Double(pattern.size)))
        let size = count / pattern.size * pattern.kept * (8 + places)
        let found = try #require(best.lowered().layers[0].weights)
        let neighbours = try #require(asked.lowered().layers[0].weights)
        #expect(neighbours.storage == .neighbours && neighbours.encodedSize.count == size)
        #expect(neighbours.storedEntries == count / pattern.size * pattern.kept)
        #expect(neighbours.nonzeros?.keeps(pattern.kept, inEvery: pattern.size) == true)
        #expect(found.encodedSize.count <= size)
        if pattern.kept * places <= pattern.size {
            #expect(found.storage == .neighbours && found.encodedSize.count == size)
        } else {
            #expect(found.storage != .neighbours)
        }
        #expect(asked.lowered().layers[1].weights?.storage == .dense)
    }

    /// Both containers hold the layout and give the weights and the bytes back.
    @Test(arguments: StorageCoding.Symbols.allCases)
    func filesHoldNeighbours(_ symbols: StorageCoding.Symbols) throws {
        let given = try pruned(.oneOfFour)
        let coded = try StorageCoding(coding: .neighbours, symbols: symbols).apply(to: given, observing: observer)
        #expect(coded.lowered().layers.map { $0.weights?.storage } == [.neighbours, .neighbours])
        let files = try CompressedNetworkFiles(coded)
        let copy = try files.compressedNetwork(folder: "f")
        #expect(copy.encodings == coded.encodings)
        #expect(try CompressedNetworkFiles(copy) == files)
        let packed = try CodedWeightsFile(coded)
        let constants = try packed.constants(of: coded.network)
        for value in coded.network.values where value.constant != nil {
            #expect(constants[value.name] == value.constant)
        }
        #expect(try CodedWeightsFile(records: packed.records()) == packed)
        for place in 0..<min(packed.bytes.count, 600) {
            var damaged = packed.bytes
            damaged[place] ^= 0x31
            _ = try? CodedWeightsFile(bytes: damaged).constants(of: coded.network)
        }
    }

    /// A file may claim a layout that its weights do not have.
    @Test(arguments: [
        ("\"kept\" : 1", "\"kept\" : 0"), ("\"kept\" : 1", "\"kept\" : 4"), ("\"size\" : 4", "\"size\" : 16"),
    ])
    func layoutsThatDoNotSuitAreRefused(_ good: String, _ bad: String) throws {
        let coded = try StorageCoding(layers: ["conv"], coding: .neighbours).apply(
            to: pruned(.oneOfFour), observing: observer)
        var files = try CompressedNetworkFiles(coded)
        let text = String(decoding: files.network, as: UTF8.self)
        let size = try #require(coded.encodings["conv:w"])
        try #require(text.contains(good), "\(size)")
        files.network = Data(text.replacingOccurrences(of: good, with: bad).utf8)
        let error = #expect(throws: Diagnostics.self) { try files.compressedNetwork(folder: "f") }
        #expect(error?.rendered().contains("neighbours") == true)
    }

    @Test func layersWithoutAPatternAreRefused() throws {
        let error = #expect(throws: Diagnostics.self) {
            try StorageCoding(layers: ["conv"], coding: .neighbours).apply(to: pruned(nil), observing: observer)
        }
        #expect(error?.findings.first?.message.contains("some block of neighbours has no zero") == true)
    }
}
