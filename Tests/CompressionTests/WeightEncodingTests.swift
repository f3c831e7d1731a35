import Compression
import FixedPoint
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
