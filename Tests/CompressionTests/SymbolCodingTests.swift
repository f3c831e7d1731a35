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

@Suite struct SymbolCodingTests {
    /// Symbols of reals with `distinct` values, most of them zero or rare.
    private func reals(_ distinct: Int, count: Int, seed: UInt64) throws -> (WeightSymbols, WeightGroups) {
        var generator = SplitMix(seed: seed)
        let values = (0..<count).map { _ -> Float in
            let place = generator.next() % UInt64(distinct) & generator.next()
            return place == 0 ? 0 : Float(place) / 7 - 3
        }
        let symbols = try #require(WeightSymbols(Tensor([1, count], values), quantization: nil))
        return (symbols, WeightGroups(shape: [1, count], computeClass: .fullyConnected, granularity: .weight))
    }

    /// H <= L < H + 1 for the mean length L of a word and the entropy H, whatever the counts; Kraft's sum is 1.
    @Test func meanLengthOfAWordIsWithinOneBitOfTheEntropy() {
        var generator = SplitMix(seed: 1)
        for size in 1...200 {
            let counts = (0..<size).map { _ in Int(generator.next() >> (40 + generator.next() % 23)) + 1 }
            let lengths = HuffmanCode(counts: counts).lengths
            let total = Double(counts.reduce(0, +))
            let entropy = counts.reduce(0) { $0 - Double($1) / total * log2(Double($1) / total) }
            let mean = Double(zip(counts, lengths).reduce(0) { $0 + $1.0 * $1.1 }) / total
            #expect(mean >= entropy - 1e-12 && mean < entropy + 1)
            #expect(lengths.reduce(0) { $0 + pow(2, -Double($1)) } == 1)
        }
    }

    /// No code of other lengths is shorter: all complete codes of five symbols are tried.
    @Test func noCodeIsShorter() {
        var generator = SplitMix(seed: 2)
        for _ in 0..<20 {
            let counts = (0..<5).map { _ in Int(generator.next() % 40) + 1 }
            let words = HuffmanCode(counts: counts).lengths
            let best = zip(counts, words).reduce(0) { $0 + $1.0 * $1.1 }
            for code in 0..<1024 {
                let lengths = (0..<5).map { code >> (2 * $0) & 3 }.map { $0 + 1 }
                guard lengths.reduce(0, { $0 + pow(2, -Double($1)) }) <= 1 else { continue }
                #expect(zip(counts, lengths).reduce(0) { $0 + $1.0 * $1.1 } >= best)
            }
        }
    }

    /// `n` elements of `k` values of `b` bits: `n ceil(log2 k) + k b` bits and the number of values.
    @Test(arguments: [1, 2, 3, 16, 17, 100]) func sharedValuesTakeATableAndPlaces(_ distinct: Int) throws {
        let (symbols, groups) = try reals(distinct, count: 1000, seed: UInt64(distinct))
        let found = Set(symbols.patterns).count
        let places = Int(log2(Double(found)).rounded(.up))
        let size = WeightEncoding(.dense, elements: .shared).measure(symbols, groups: groups).size
        #expect(size.count == 1000 * places + found * 32 + 32)
    }

    @Test(arguments: [1, 2, 5, 40, 1000]) func sizesAreThoseOfTheBytes(_ distinct: Int) throws {
        let (symbols, groups) = try reals(distinct, count: 700, seed: UInt64(distinct))
        for layout in WeightEncodingTests.layouts {
            for coding in WeightEncodingTests.codings {
                let encoding = WeightEncoding(layout, elements: coding.elements, indices: coding.indices)
                let encoded = encoding.encode(symbols, groups: groups)
                #expect(encoded.size == encoding.measure(symbols, groups: groups).size)
                #expect(try encoded.decode(width: 32, groups: groups) == symbols.patterns)
            }
        }
    }

    /// Tables of no code, of falling symbols and of more symbols than bits are refused.
    @Test func tablesAreChecked() throws {
        let (symbols, groups) = try reals(9, count: 300, seed: 4)
        let encoded = WeightEncoding(.dense, elements: .huffman).encode(symbols, groups: groups)
        for bit in 0..<min(encoded.size.count, 700) {
            var bad = encoded
            bad.bytes[bit / 8] ^= UInt8(1 << (bit % 8))
            if let patterns = try? bad.decode(width: 32, groups: groups) { #expect(patterns.count == 300) }
        }
        var long = encoded
        long.bytes[3] = 0xff
        #expect(throws: (any Error).self) { try long.decode(width: 32, groups: groups) }
        var false0 = encoded
        let distinct = Set(symbols.patterns).count
        let lengths = 32 + 32 * distinct
        for bit in lengths + 6..<lengths + 9 { false0.bytes[bit / 8] &= ~UInt8(1 << (bit % 8)) }
        #expect(throws: (any Error).self) { try false0.decode(width: 32, groups: groups) }
    }

    /// The best of all forms is no larger than any, and one of them.
    @Test func bestIsTheSmallestOfAll() throws {
        for seed in 0..<12 {
            var builder = NetworkBuilder(input: [1, 5, 5, 4], seed: UInt64(seed))
            let output = try builder.convolution(builder.input, outputs: 9, name: "conv")
            let observer = CaseObserver(cases: [])
            var steps: [any CompressionStep] = [MagnitudePruning(density: [1, 0.5, 0.2, 0.03][seed % 4])]
            if seed % 3 > 0 { steps.append(WeightSharing(bits: seed % 3 + 1)) }
            let given = try CompressedNetwork(builder.finished(output)).applying(steps, observing: observer)
            let best = try StorageCoding().apply(to: given, observing: observer)
            let size = try #require(best.lowered().layers[0].weights?.encodedSize.count)
            for coding in StorageCoding.Coding.allCases where coding != .best {
                for symbols in StorageCoding.Symbols.allCases {
                    let step = StorageCoding(coding: coding, symbols: symbols)
                    // Weights without any pattern of neighbours are not stored by one.
                    guard
                        let other = try coding == .neighbours
                            ? try? step.apply(to: given, observing: observer)
                            : step.apply(to: given, observing: observer)
                    else { continue }
                    #expect(try #require(other.lowered().layers[0].weights?.encodedSize.count) >= size)
                }
            }
        }
    }

    /// Files of every encoding hold it and are written again with the same bytes.
    @Test func filesHoldEveryEncoding() throws {
        var compressed = CompressedNetwork(try NetworkBuilder.random(seed: 5).network)
        let id = try #require(compressed.network.nodes.first { $0.name == "logits" }?.weights)
        for layout in WeightEncodingTests.layouts {
            for (place, coding) in WeightEncodingTests.codings.enumerated() {
                let encoding = WeightEncoding(
                    layout, granularity: Granularity.allCases[place % 4], elements: coding.elements,
                    indices: coding.indices)
                compressed.encodings = [compressed.network[id].name: encoding]
                let files = try CompressedNetworkFiles(compressed)
                let copy = try files.compressedNetwork(folder: "f")
                #expect(copy.encodings == compressed.encodings)
                #expect(try CompressedNetworkFiles(copy) == files)
            }
        }
    }

    @Test func encodingsOfBeforeAreRead() throws {
        let before = Data(#"{"granularity":"kernel","layout":{"relativeIndex":{"indexBits":3}}}"#.utf8)
        let encoding = try JSONDecoder().decode(WeightEncoding.self, from: before)
        #expect(encoding == WeightEncoding(.relativeIndex(indexBits: 3), granularity: .kernel))
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        #expect(try encoder.encode(encoding) == before)
        let coded = WeightEncoding(.bitmap, elements: .huffman)
        #expect(try JSONDecoder().decode(WeightEncoding.self, from: encoder.encode(coded)) == coded)
    }
}
