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

/// Sizes of AlexNet and VGG-16 at the densities and code statistics that the Deep Compression paper prints.
@Suite(.serialized) struct PublishedSizeTests {
    private struct Coded {
        var records: [CodedConstant] = []
        /// Bits by the formula, layer by layer.
        var pencil: [Int] = []
    }

    /// Every layer's seeded entries in the bits of the product, and their size by the formula.
    private func coded(_ network: String, _ layers: [PublishedLayer], limit: Int = .max) throws -> Coded {
        let zoo = try Zoo.standard.network(named: network)
        var result = Coded()
        for layer in layers {
            let id = try #require(zoo.nodes.first { $0.name == layer.name }?.weights)
            let count = zoo[id].shape.elementCount
            guard count <= limit else { continue }
            let entries = try Self.entries(of: layer, count: count)
            let encoding = WeightEncoding(
                .relativeIndex(indexBits: layer.indexBits), elements: .huffman, indices: .huffman)
            result.records.append(
                CodedConstant(
                    name: layer.name, shape: zoo[id].shape, elementType: .float32, computeClass: .fullyConnected,
                    width: 32, weights: encoding.encode(entries, width: 32)))
            result.pencil.append(
                32 + Self.codedBits(entries.gaps, width: layer.indexBits) + Self.codedBits(entries.elements, width: 32))
        }
        return result
    }

    private static func entries(of layer: PublishedLayer, count: Int) throws -> WeightEntries {
        let (nonzero, fillers) = layer.entries(of: count)
        let (all, reach) = (nonzero + fillers, 1 << layer.indexBits)
        let part = Double(fillers) / Double(all)
        let room = Double(count - all - fillers * (reach - 1)) / Double(nonzero)
        let gaps = FallingSymbols(
            0..<reach, fillers: (reach - 1, part), entropy: layer.codedIndexBits, mean: room * 0.99)
        let values = FallingSymbols(1..<1 << layer.weightBits, fillers: (0, part), entropy: layer.codedWeightBits)
        var generator = SplitMix64(seed: UInt64(count))
        var (entries, place) = (WeightEntries(gaps: [], elements: []), 0)
        for _ in 0..<all {
            let isFiller = generator.below(all) < fillers
            let symbol = values.draw(&generator)
            let real = Float((symbol + 1) / 2) / (symbol % 2 == 0 ? 64 : -64)
            entries.gaps.append(isFiller ? UInt32(reach - 1) : gaps.draw(&generator))
            entries.elements.append(isFiller ? 0 : real.bitPattern)
            place += Int(entries.gaps[entries.gaps.count - 1]) + 1
        }
        #expect(place <= count, "\(layer.name)")
        return entries
    }

    /// Bits of a Huffman-coded stream with its table: the sum of the weights of all joined trees, found by joining.
    static func codedBits(_ symbols: [UInt32], width: Int) -> Int {
        var counts: [UInt32: Int] = [:]
        for symbol in symbols { counts[symbol, default: 0] += 1 }
        var trees = counts.values.map { (weight: $0, depth: 0) }
        var bits = 0
        while trees.count > 1 {
            trees.sort { $0.weight != $1.weight ? $0.weight > $1.weight : $0.depth > $1.depth }
            let (one, other) = (trees.removeLast(), trees.removeLast())
            trees.append((one.weight + other.weight, max(one.depth, other.depth) + 1))
            bits += one.weight + other.weight
        }
        let longest = trees.first?.depth ?? 0
        let lengthBits = longest == 0 ? 0 : Int(log2(Double(longest))) + 1
        return width + counts.count * (width + lengthBits) + 6 + bits
    }

    /// The file to the byte: 12, 8 a layer, the layer's 2 + name + 9 + 4 an axis + 8, and its bits filled up to bytes.
    private func pencilBytes(_ coded: Coded) -> Int {
        zip(coded.records, coded.pencil).reduce(12) { sum, layer in
            sum + 8 + 2 + layer.0.name.utf8.count + 9 + 4 * layer.0.shape.rank + 8 + (layer.1 + 7) / 8
        }
    }

    @Test func alexNet() throws {
        let coded = try coded("alexnet", PublishedLayer.alexNet)
        let size = try CodedWeightsFile(records: coded.records).bytes.count
        #expect(size == pencilBytes(coded))
        #expect(abs(Double(size) / 6.9e6 - 1) < 0.05, "\(size) bytes")
    }

    @Test func vgg16() throws {
        let coded = try coded("vgg16", PublishedLayer.vgg16)
        let size = try CodedWeightsFile(records: coded.records).bytes.count
        #expect(size == pencilBytes(coded))
        #expect(abs(Double(size) / 11.3e6 - 1) < 0.05, "\(size) bytes")
    }

    @Test func convolutionsAreDecodedByTheIndependentDecoder() throws {
        let coded = try coded("alexnet", PublishedLayer.alexNet, limit: 1 << 19)
        var decoder = try PencilDecoder(CodedWeightsFile(records: coded.records).bytes)
        let constants = decoder.constants()
        let read = try CodedWeightsFile(records: coded.records).records()
        for (record, bits) in zip(read, coded.pencil) {
            let found = try #require(constants[record.name])
            #expect(found.bits == bits && found.elements.count == record.shape.elementCount)
            let groups = WeightGroups(shape: record.shape, computeClass: .fullyConnected, granularity: .weight)
            #expect(try record.weights.decode(width: 32, groups: groups) == found.elements.map(\.bitPattern))
        }
    }
}
