import Compression
import Diagnostics
import Foundation
import Networks
import Quantities
import Tensors
import Testing
import Workloads

@Suite struct WeightCompositionTests {
    private func sample() throws -> CompressedNetwork {
        var builder = NetworkBuilder(input: [1, 1, 1, 6], seed: 3)
        let output = try builder.fullyConnected(builder.input, outputs: 4, name: "dense")
        builder.network.outputs = [output]
        var compressed = CompressedNetwork(builder.network)
        let id = compressed.network.nodes[0].inputs[1]
        let shared = compressed.network[id].reals.map { Float(($0 * 2).rounded() / 2) }
        compressed.network[id].constant = Tensor([4, 6], shared)
        let table = Set(shared).sorted()
        let places = shared.map { value in table.firstIndex(of: value).map { UInt32($0) } ?? 0 }
        compressed.compositions[compressed.network[id].name] = WeightComposition(
            .productVectors(ProductVectors(length: 1, tables: 1)),
            parts: [StoredPart("centers", reals: table), StoredPart("places", patterns: places, width: 3)])
        return compressed
    }

    @Test func filesHoldTheParts() throws {
        let compressed = try sample()
        let files = try CompressedNetworkFiles(compressed)
        let copy = try files.compressedNetwork(folder: "f")
        #expect(copy.compositions == compressed.compositions && copy.compositions.count == 1)
        #expect(try CompressedNetworkFiles(copy) == files)
    }

    @Test func partsThatComposeSomethingElseAreRefused() throws {
        var compressed = try sample()
        let name = try #require(compressed.compositions.keys.first)
        compressed.compositions[name]?.parts[1].patterns[3] ^= 1
        let files = try CompressedNetworkFiles(compressed)
        #expect(throws: Diagnostics.self) { try files.compressedNetwork(folder: "f") }
    }

    /// Counts from a file are checked against the bytes before anything is computed from them.
    @Test(arguments: [(Int.max, 1), (Int.max, 0), (Int.max / 2, 32), (-1, 8), (9, 1)])
    func countsBeyondTheBytesAreRefused(count: Int, width: Int) {
        #expect(throws: Diagnostic.self) {
            try StoredPart("part", bytes: [0], count: count, width: width, mostOfNoBits: 1 << 24)
        }
    }

    @Test func damagedBytesNeverLeaveTheirBounds() throws {
        let files = try CompressedNetworkFiles(sample())
        for place in files.tensors.indices {
            var damaged = files
            damaged.tensors[place] ^= 0x5a
            _ = try? damaged.compressedNetwork(folder: "f")
        }
    }

    @Test func aLaterStepThatChangesTheWeightsDropsTheComposition() throws {
        let compressed = try sample()
        let pruned = try compressed.applying(MagnitudePruning(density: 0.25), observing: ActivationStatistics())
        #expect(pruned.compositions.isEmpty)
        let bits = try #require(compressed.compositions.values.first).size.count
        let lost = "layer 'dense': its weights are no longer composed from \(bits) bits of parts"
        #expect(pruned.history[0].remarks == [lost, "weights grow from \(bits / 8) to 96 bytes"])
        let same = try compressed.applying(MagnitudePruning(density: 1), observing: ActivationStatistics())
        #expect(same.compositions == compressed.compositions && same.history[0].remarks == ["nothing changes"])
    }

    @Test func footprintIsThatOfTheParts() throws {
        let compressed = try sample()
        let weights = try #require(compressed.lowered().layers[0].weights)
        let composition = try #require(compressed.compositions.values.first)
        let centers = try composition.part("centers")
        #expect(weights.storage == .composed)
        #expect(weights.encodedSize.count == centers.patterns.count * 32 + 24 * 3)
    }
}
