import Compression
import Diagnostics
import FixedPoint
import Foundation
import Quantities
import Tensors
import Testing
import Workloads

@Suite struct WeightEncodingTests {
    static let layouts: [WeightEncoding.Layout] =
        [.dense, .bitmap] + (1...5).map { .relativeIndex(indexBits: $0) }

    /// Symbols of width 5 for a 6x3x3x4 tensor with about 3 in 4 groups of the granularity zero.
    static func symbols(_ granularity: Granularity, seed: UInt64) throws -> (WeightSymbols, Shape) {
        let shape: Shape = [6, 3, 3, 4]
        let groups = WeightGroups(shape: shape, computeClass: .convolution, granularity: granularity)
        var generator = SplitMix(seed: seed)
        var values = [Int8](repeating: 0, count: shape.elementCount)
        for group in 0..<groups.count where generator.next() % 4 == 0 {
            for offset in groups.offsets {
                values[groups.start(of: group) + offset] = Int8(generator.next() % 31) - 15
            }
        }
        let quantization = Quantization(format: .init(bits: 5, encoding: .symmetric), scale: 1)
        let tensor = Tensor(shape: shape, elements: .int8(values))
        return (try #require(WeightSymbols(tensor, quantization: quantization)), shape)
    }

    static let codings = SymbolCoding.allCases.flatMap { elements in
        SymbolCoding.allCases.map { (elements: elements, indices: $0) }
    }

    /// The first elements of each block of a group stay; the last block may be short.
    static func keeping(_ kept: Int, of size: Int, _ symbols: WeightSymbols, _ groups: WeightGroups) -> WeightSymbols {
        var symbols = symbols
        for start in (0..<groups.count).map(groups.start) {
            var (place, left) = (0, kept)
            for offset in groups.offsets {
                if place % size == 0 { left = kept }
                if symbols.patterns[start + offset] != 0 { left -= 1 }
                if left < 0 { symbols.patterns[start + offset] = 0 }
                place += 1
            }
        }
        return symbols
    }

    /// Of every `size` neighbours `kept` elements of `b` bits behind places of `ceil(log2 size)` bits, to the bit.
    @Test(
        arguments: [(1, 2), (2, 3), (1, 4), (2, 4), (3, 4), (4, 8), (5, 9), (8, 16)],
        [Granularity.filter, .kernel, .vector, .column, .block4x4])
    func neighboursAreStoredWithTheirPlaces(_ blocks: (kept: Int, size: Int), _ granularity: Granularity) throws {
        for (seed, computeClass) in [ComputeClass.convolution, .convolution, .fullyConnected].enumerated() {
            let (given, shape) = try Self.symbols(.weight, seed: UInt64(seed))
            let groups = WeightGroups(shape: shape, computeClass: computeClass, granularity: granularity)
            let symbols = Self.keeping(blocks.kept, of: blocks.size, given, groups)
            let count = groups.count * ((groups.offsets.count + blocks.size - 1) / blocks.size)
            let places = Int(log2(Double(blocks.size)).rounded(.up))
            for coding in SymbolCoding.allCases {
                let encoding = WeightEncoding(
                    .neighbours(kept: blocks.kept, size: blocks.size), granularity: granularity, elements: coding)
                let encoded = encoding.encode(symbols, groups: groups)
                #expect(try encoded.decode(width: 5, groups: groups) == symbols.patterns)
                #expect(encoded.size == encoding.measure(symbols, groups: groups).size)
                #expect(encoded.bytes.count == encoded.size.bytes.count)
                guard coding == .plain else { continue }
                #expect(encoded.size.count == count * blocks.kept * (5 + places))
                #expect(encoding.measure(symbols, groups: groups).storedElements == count * blocks.kept)
            }
        }
    }

    /// 2 of 4: the bits by hand, one zero filling the second block.
    @Test func twoOfFourByHand() throws {
        let tensor = Tensor(shape: [1, 8], elements: .int8([0, 3, 0, -1, 0, 0, 0, 2]))
        let quantization = Quantization(format: .init(bits: 4, encoding: .symmetric), scale: 1)
        let symbols = try #require(WeightSymbols(tensor, quantization: quantization))
        let groups = WeightGroups(shape: [1, 8], computeClass: .fullyConnected, granularity: .filter)
        let encoded = WeightEncoding(.neighbours(kept: 2, size: 4), granularity: .filter).encode(
            symbols, groups: groups)
        let fields: [(Int, Int)] = [(1, 3), (3, 15), (0, 0), (3, 2)]
        let bits = fields.reversed().reduce(0) { $0 << 6 | $1.1 << 2 | $1.0 }
        #expect(encoded.size == Bits(24))
        #expect(encoded.bytes.enumerated().reduce(0) { $0 | Int($1.element) << (8 * $1.offset) } == bits)
    }

    @Test func corruptedNeighboursAreRefusedNotRead() throws {
        let (given, shape) = try Self.symbols(.weight, seed: 5)
        let groups = WeightGroups(shape: shape, computeClass: .convolution, granularity: .filter)
        let symbols = Self.keeping(3, of: 10, given, groups)
        for coding in SymbolCoding.allCases {
            let layout = WeightEncoding.Layout.neighbours(kept: 3, size: 10)
            let encoded = WeightEncoding(layout, granularity: .filter, elements: coding).encode(
                symbols, groups: groups)
            var refused = 0
            for bit in 0..<encoded.size.count {
                var bad = encoded
                bad.bytes[bit / 8] ^= 1 << (bit % 8)
                do {
                    #expect(try bad.decode(width: 5, groups: groups).count == symbols.patterns.count)
                } catch {
                    refused += 1
                }
            }
            #expect(refused > 0)
            for size in [0, 1, encoded.size.count - 1, encoded.size.count - 9] {
                var bad = encoded
                bad.size = Bits(size)
                #expect(throws: Diagnostic.self) { try bad.decode(width: 5, groups: groups) }
            }
            for wrong in [(0, 4), (4, 4), (5, 4), (-1, 4), (1, 1), (1, 17), (1, .max), (.min, .max), (2, 10)] {
                var bad = encoded
                bad.encoding.layout = .neighbours(kept: wrong.0, size: wrong.1)
                #expect(throws: Diagnostic.self) { try bad.decode(width: 5, groups: groups) }
            }
        }
    }

    @Test(arguments: layouts, Granularity.allCases)
    func decodingGivesBackWhatWasEncoded(_ layout: WeightEncoding.Layout, _ granularity: Granularity) throws {
        for seed in 0..<27 {
            let (symbols, shape) = try Self.symbols(granularity, seed: UInt64(seed))
            let groups = WeightGroups(shape: shape, computeClass: .convolution, granularity: granularity)
            let coding = Self.codings[seed % Self.codings.count]
            let encoding = WeightEncoding(
                layout, granularity: granularity, elements: coding.elements, indices: coding.indices)
            let encoded = encoding.encode(symbols, groups: groups)
            #expect(try encoded.decode(width: 5, groups: groups) == symbols.patterns)
            #expect(encoded.size == encoding.measure(symbols, groups: groups).size)
            #expect(encoded.bytes.count == encoded.size.bytes.count)
        }
    }

    /// Every element is in one group, whatever class of layer a file claims for whatever shape.
    @Test(arguments: Granularity.allCases) func groupsAreAPartition(_ granularity: Granularity) {
        let shapes: [Shape] = [
            [3, 2, 2, 3], [8, 3, 3, 8], [1, 3, 3, 8], [8, 16], [5], [], [4, 0, 2, 2], [3, 4, 5],
        ]
        for computeClass in [ComputeClass.dataMovement, .convolution, .depthwise, .fullyConnected] {
            for shape in shapes {
                let groups = WeightGroups(shape: shape, computeClass: computeClass, granularity: granularity)
                let places = (0..<groups.count).flatMap { group in groups.offsets.map { groups.start(of: group) + $0 } }
                #expect(places.sorted() == Array(0..<shape.elementCount), "\(computeClass) of \(shape)")
            }
        }
    }

    /// Gaps 3, 9 and 0 under an index of 3 bits: the gap of 9 needs one filler, which spans 8 places.
    @Test func fillersBridgeLongGaps() throws {
        var values = [Int8](repeating: 0, count: 20)
        for place in [3, 13, 14] { values[place] = 7 }
        let tensor = Tensor(shape: [1, 20], elements: .int8(values))
        let symbols = try #require(WeightSymbols(tensor, quantization: Quantization(format: .int8, scale: 1)))
        let groups = WeightGroups(shape: [1, 20], computeClass: .fullyConnected, granularity: .weight)
        let encoding = WeightEncoding(.relativeIndex(indexBits: 3))
        let measure = encoding.measure(symbols, groups: groups)
        #expect(measure.storedElements == 4)
        #expect(measure.size == Bits(4 * (3 + 8)))
        #expect(try encoding.encode(symbols, groups: groups).decode(width: 8, groups: groups) == symbols.patterns)
    }

    /// At equal sparsity a coarser granularity saves exactly the indices (methods row 10).
    @Test func coarserIndicesSaveExactlyTheIndexBits() throws {
        let (symbols, shape) = try Self.symbols(.vector, seed: 3)
        let fine = WeightGroups(shape: shape, computeClass: .convolution, granularity: .weight)
        let coarse = WeightGroups(shape: shape, computeClass: .convolution, granularity: .vector)
        let occupied = WeightEncoding(.bitmap, granularity: .vector).measure(symbols, groups: coarse)
        let elements = WeightEncoding(.bitmap).measure(symbols, groups: fine)
        let zerosInside = occupied.storedElements - elements.storedElements
        #expect(
            elements.size.count - occupied.size.count
                == shape.elementCount - shape.elementCount / 3 - zerosInside * symbols.width)
    }

    @Test func corruptedBytesAreRefusedNotRead() throws {
        let (symbols, shape) = try Self.symbols(.weight, seed: 5)
        let groups = WeightGroups(shape: shape, computeClass: .convolution, granularity: .weight)
        var generator = SplitMix(seed: 9)
        for (layout, coding) in Self.layouts.flatMap({ layout in Self.codings.map { (layout, $0) } }) {
            let encoding = WeightEncoding(layout, elements: coding.elements, indices: coding.indices)
            let encoded = encoding.encode(symbols, groups: groups)
            for _ in 0..<200 {
                var bad = encoded
                bad.bytes[Int(generator.next() % UInt64(bad.bytes.count))] ^= UInt8(1 << (generator.next() % 8))
                bad.size = Bits(bad.size.count - Int(generator.next() % 9) + 2)
                if let patterns = try? bad.decode(width: 5, groups: groups) {
                    #expect(patterns.count == symbols.patterns.count)
                }
            }
        }
    }

    /// Four values equally often are 2 bits; one value alone is none.
    @Test func entropyCountsPatterns() throws {
        func entropy(_ values: [Int8]) -> Double? {
            let tensor = Tensor(shape: [values.count], elements: .int8(values))
            return WeightSymbols(tensor, quantization: Quantization(format: .int8, scale: 1))?.entropyBits
        }
        #expect(entropy([1, -1, 2, 0, 1, -1, 2, 0]) == 2)
        #expect(entropy([5, 5, 5]) == 0)
    }
}
