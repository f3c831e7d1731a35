import Compression
import Diagnostics
import Execution
import FixedPoint
import Foundation
import Networks
import Quantities
import Tensors
import Testing
import Workloads

/// Prune, share, code: the whole of Deep Compression (Han, Mao, Dally, 2016).
@Suite struct DeepCompressionTests {
    static let recipe: [any CompressionStep] = [MagnitudePruning(density: 0.3), WeightSharing(bits: 4)]

    private func compressed(seed: UInt64) throws -> (network: CompressedNetwork, cases: [[Float]]) {
        let (network, cases) = try NetworkBuilder.random(seed: seed)
        var compressed = try CompressedNetwork(network).applying(Self.recipe, observing: CaseObserver(cases: cases))
        let coding = WeightEncoding(.relativeIndex(indexBits: 4), elements: .huffman, indices: .huffman)
        compressed.encodings = compressed.encodings.mapValues { _ in coding }
        return (compressed, cases)
    }

    /// An independent decoder finds the same tensors, and a network with what it found gives the same logits, bit for bit.
    @Test(arguments: 0..<6) func bitstreamHoldsTheIdenticalNetwork(_ seed: Int) throws {
        let (compressed, cases) = try compressed(seed: UInt64(seed))
        var decoder = try PencilDecoder(CodedWeightsFile(compressed).bytes)
        let constants = decoder.constants()
        var decoded = compressed.network
        for (index, value) in decoded.values.enumerated() {
            guard let constant = value.constant, constant.elementType == .float32 else { continue }
            let found = try #require(constants[value.name]?.elements)
            #expect(found.map(\.bitPattern) == constant.floats.map(\.bitPattern))
            decoded[ValueID(index)].constant = Tensor(value.shape, found)
        }
        for reals in cases {
            let (before, after) = (try compressed.network.output(reals), try decoded.output(reals))
            #expect(before.map(\.bitPattern) == after.map(\.bitPattern))
        }
        for layer in compressed.lowered().layers {
            guard let weights = layer.weights,
                let node = compressed.network.nodes.first(where: { $0.name == layer.name }),
                let id = node.weights
            else { continue }
            #expect(weights.encodedSize.count == constants[compressed.network[id].name]?.bits)
        }
    }

    @Test(arguments: 0..<4) func theProductReadsItsFile(_ seed: Int) throws {
        let (compressed, cases) = try compressed(seed: UInt64(seed))
        let integer = try CompressedNetwork(NetworkBuilder.random(seed: UInt64(seed)).network).applying(
            [FixedPointQuantization(weightBits: 5, activationBits: 8), StorageCoding()],
            observing: CaseObserver(cases: cases))
        for network in [compressed, integer] {
            let constants = try CodedWeightsFile(network).constants(of: network.network)
            #expect(!constants.isEmpty)
            for (name, tensor) in constants {
                let value = try #require(network.network.values.first { $0.name == name })
                #expect(value.constant == tensor)
            }
        }
    }

    /// What is read of a damaged file gives the same bytes when it is written again.
    @Test func damagedFilesAreReadOrRefused() throws {
        let (compressed, _) = try compressed(seed: 2)
        let good = try CodedWeightsFile(compressed).bytes
        var random = SplitMix(seed: 3)
        for round in 0..<3000 {
            var bytes = good
            if round % 3 == 0 { bytes = bytes.prefix(Int(random.next() % UInt64(good.count))) }
            guard !bytes.isEmpty else { continue }
            for _ in 0..<1 + random.next() % 3 {
                bytes[Int(random.next() % UInt64(min(bytes.count, round % 2 == 0 ? 200 : bytes.count)))] ^= UInt8(
                    1 << (random.next() % 8))
            }
            do {
                let file = CodedWeightsFile(bytes: bytes)
                #expect(try CodedWeightsFile(records: file.records()) == file)
                _ = try file.constants(of: compressed.network)
            } catch is Diagnostic {
                continue
            }
        }
    }
}
