import Compression
import Diagnostics
import Foundation
import Networks
import Quantities
import Tensors
import Testing
import Workloads

@Suite struct StoredPartTests {
    /// Patterns below `2^width`, small ones more often.
    private static func patterns(_ count: Int, width: Int, seed: UInt64) -> [UInt32] {
        var generator = SplitMix(seed: seed)
        let largest = UInt64(UInt32.max >> UInt32(32 - width))
        return (0..<count).map { _ in UInt32(generator.next() & generator.next() & generator.next() & largest) }
    }

    /// Words and table in bits by the formula, and the same part read again from the bytes.
    @Test(arguments: [(0, 5), (1, 5), (700, 1), (700, 4), (300, 12), (300, 32)])
    func sizeIsTheSumOfTheWords(count: Int, width: Int) throws {
        let patterns = Self.patterns(count, width: width, seed: UInt64(width))
        let distinct = Set(patterns).count
        let places = distinct > 1 ? Int(log2(Double(distinct - 1))) + 1 : 0
        let table = count == 0 ? 0 : width + distinct * width
        let sizes: [SymbolCoding: Int] = [
            .plain: count * width, .shared: table + count * places,
            .huffman: count == 0 ? 0 : PublishedSizeTests.codedBits(patterns, width: width),
        ]
        for coding in SymbolCoding.allCases {
            let part = StoredPart("part", patterns: patterns, width: width, coding: coding)
            let bytes = part.bytes
            #expect(part.size.count == sizes[coding])
            #expect(bytes.count == part.size.bytes.count)
            let copy = try StoredPart(
                "part", bytes: bytes, count: count, width: width, coding: coding, mostOfNoBits: 1 << 24)
            #expect(copy == part && copy.bytes == bytes)
            let chosen = part.coded(as: [.shared, .huffman])
            #expect(chosen.size.count == (distinct > 1 ? sizes.values.min() : sizes[.plain]))
            #expect(chosen.patterns == patterns)
            #expect(part.coded(as: [.plain]).coding == .plain)
        }
    }

    /// Shorter and longer bytes, wrong counts and bits to spare that are set are refused; no damage leads out of the bytes.
    @Test(arguments: SymbolCoding.allCases, [4, 11])
    func damagedBytesAreRefusedNotFollowed(_ coding: SymbolCoding, width: Int) throws {
        let count = 401
        let part = StoredPart(
            "part", patterns: Self.patterns(count, width: width, seed: 7), width: width, coding: coding)
        let bytes = part.bytes
        func read(_ bytes: [UInt8], count: Int = count) throws -> StoredPart {
            try StoredPart("part", bytes: bytes, count: count, width: width, coding: coding, mostOfNoBits: 1 << 24)
        }
        for length in bytes.indices { #expect(throws: Diagnostic.self) { try read(Array(bytes[..<length])) } }
        #expect(throws: Diagnostic.self) { try read(bytes + [0]) }
        for wrong in [count - 32, count + 32, .max, .max / 2, -1, 0] {
            #expect(throws: Diagnostic.self) { try read(bytes, count: wrong) }
        }
        if part.size.count % 8 != 0 {
            var spare = bytes
            spare[spare.count - 1] |= 0x80
            #expect(throws: Diagnostic.self) { try read(spare) }
        }
        for bit in 0..<bytes.count * 8 {
            var damaged = bytes
            damaged[bit / 8] ^= 1 << (bit % 8)
            if let copy = try? read(damaged) { #expect(copy.patterns.count == count && copy != part) }
        }
    }

    /// A table says how many symbols it has and how long their words are.
    @Test func tablesThatPromiseTooMuchAreRefused() throws {
        func read(_ bytes: [UInt8], count: Int, width: Int = 8, coding: SymbolCoding = .huffman) throws -> StoredPart {
            try StoredPart("part", bytes: bytes, count: count, width: width, coding: coding, mostOfNoBits: 1 << 24)
        }
        // One symbol: its word has no bits, so that only the number of patterns bounds the memory.
        #expect(try read([0, 9, 0], count: 1000).patterns == [UInt32](repeating: 9, count: 1000))
        #expect(throws: Diagnostic.self) { try read([0, 9, 0], count: 1 << 40) }
        #expect(throws: Diagnostic.self) { try read([0, 9], count: 1 << 40, coding: .shared) }
        #expect(throws: Diagnostic.self) { try read([255, 9, 0], count: 4) }
        #expect(throws: Diagnostic.self) { try read([1, 9, 7, 0x41, 0], count: 4) }
        #expect(throws: Diagnostic.self) { try read([1, 7, 9, 0x01, 0], count: 4) }
        #expect(throws: Diagnostic.self) { try read([], count: 4) }
        #expect(throws: Diagnostic.self) { try read([], count: 4, width: 0) }
        #expect(throws: Diagnostic.self) { try read([0], count: 4, width: 33) }
    }

    /// A layer of ternary weights with two levels an output, three of four being zero.
    private func ternary() throws -> CompressedNetwork {
        var builder = NetworkBuilder(input: [1, 1, 1, 64], seed: 4)
        builder.network.outputs = [try builder.fullyConnected(builder.input, outputs: 96, name: "dense")]
        var generator = SplitMix(seed: 6)
        let signs = (0..<96 * 64).map { _ in [UInt32(1), 3, 0, 0, 0, 0, 0, 0][Int(generator.next() % 8)] }
        let composition = WeightComposition(
            .ternaryValues(TernaryValues(axis: 0)),
            parts: [
                StoredPart("levels", reals: (0..<192).map { Float($0) / 8 + 1 }),
                StoredPart("signs", patterns: signs, width: 2),
            ])
        var compressed = CompressedNetwork(builder.network)
        let id = compressed.network.nodes[0].inputs[1]
        compressed.network[id].constant = Tensor([96, 64], try composition.elements(shape: [96, 64]))
        compressed.compositions = [compressed.network[id].name: composition]
        return compressed
    }

    /// Parts of any composition profit from the step of the codings, and files give the bytes back.
    @Test func storageCodingCodesParts() throws {
        let given = try ternary()
        let before = try #require(given.compositions.values.first)
        for symbols in StorageCoding.Symbols.allCases {
            let result = try StorageCoding(symbols: symbols).apply(to: given, observing: CaseObserver(cases: []))
            let composition = try #require(result.compositions.values.first)
            #expect(composition.parts.map(\.patterns) == before.parts.map(\.patterns))
            let words = before.parts.map { PublishedSizeTests.codedBits($0.patterns, width: $0.width) }
            let least = zip(before.parts, words).reduce(0) { $0 + min($1.0.size.count, $1.1) }
            let isHuffman = symbols == .huffman || symbols == .best
            #expect(composition.size.count == (isHuffman ? least : before.size.count))
            #expect(least < before.size.count)
            let weights = try #require(result.lowered().layers[0].weights)
            #expect(weights.encodedSize == composition.size && weights.isEntropyCoded == isHuffman)
            let files = try CompressedNetworkFiles(result)
            let text = String(decoding: files.network, as: UTF8.self)
            #expect(text.contains("\"coding\" : \"huffman\"") == isHuffman)
            let copy = try files.compressedNetwork(folder: "f")
            #expect(copy.compositions == result.compositions)
            #expect(try CompressedNetworkFiles(copy) == files)
        }
    }

    @Test func partsOfAnotherCodingAreRefused() throws {
        let coded = try StorageCoding(symbols: .huffman).apply(to: ternary(), observing: CaseObserver(cases: []))
        let files = try CompressedNetworkFiles(coded)
        let text = String(decoding: files.network, as: UTF8.self)
        let good = "\"coding\" : \"huffman\""
        try #require(text.contains(good))
        for bad in ["\"coding\" : \"shared\"", "\"coding\" : \"zip\"", "\"coded\" : true"] {
            var damaged = files
            damaged.network = Data(text.replacingOccurrences(of: good, with: bad).utf8)
            #expect(throws: Diagnostics.self) { try damaged.compressedNetwork(folder: "f") }
        }
        for place in stride(from: 0, to: files.tensors.count, by: 3) {
            var damaged = files
            damaged.tensors[place] ^= 0x5a
            _ = try? damaged.compressedNetwork(folder: "f")
        }
    }
}
