import Foundation
import Tensors

/// A layer's statistics as the Deep Compression paper prints them (arXiv 1510.00149, Tables 4 and 5).
struct PublishedLayer {
    let name: String
    /// Percent of weights that are not zero.
    let density: Double
    let weightBits: Int
    /// Mean bits of a weight after Huffman coding.
    let codedWeightBits: Double
    let indexBits: Int
    let codedIndexBits: Double
    /// Percent of 32 bits a weight after pruning and sharing: codebook, weights and indices of all entries.
    let sharedRate: Double

    init(_ name: String, _ numbers: (Double, Int, Double, Int, Double, Double)) {
        self.name = name
        (density, weightBits, codedWeightBits, indexBits, codedIndexBits, sharedRate) = numbers
    }

    /// Entries that are not zero and filler zeros of a layer of `count` weights; the printed rate says how many there are.
    ///
    /// None where so many fillers have no room: the rate of a layer of few weights is mostly its codebook.
    func entries(of count: Int) -> (nonzero: Int, fillers: Int) {
        let nonzero = (density / 100 * Double(count)).rounded()
        let table = Double(32 << weightBits)
        let all = (sharedRate / 100 * 32 * Double(count) - table) / Double(weightBits + indexBits)
        let fillers = max(0, Int(all - nonzero))
        let hasRoom = fillers << indexBits + Int(nonzero) <= count
        return (Int(nonzero), hasRoom ? fillers : 0)
    }

    /// Table 4.
    static let alexNet: [PublishedLayer] = [
        .init("conv1", (84, 8, 6.3, 4, 1.2, 32.6)), .init("conv2", (38, 8, 5.5, 4, 2.3, 14.5)),
        .init("conv3", (35, 8, 5.1, 4, 2.6, 13.1)), .init("conv4", (37, 8, 5.2, 4, 2.5, 14.1)),
        .init("conv5", (37, 8, 5.6, 4, 2.5, 14.0)), .init("fc6", (9, 5, 3.9, 4, 3.2, 3.0)),
        .init("fc7", (9, 5, 3.6, 4, 3.7, 3.0)), .init("fc8", (25, 5, 4, 4, 3.2, 7.3)),
    ]

    /// Table 5.
    static let vgg16: [PublishedLayer] = [
        .init("conv1_1", (58, 8, 6.8, 5, 1.7, 40.0)), .init("conv1_2", (22, 8, 6.5, 5, 2.6, 9.8)),
        .init("conv2_1", (34, 8, 5.6, 5, 2.4, 14.3)), .init("conv2_2", (36, 8, 5.9, 5, 2.3, 14.7)),
        .init("conv3_1", (53, 8, 4.8, 5, 1.8, 21.7)), .init("conv3_2", (24, 8, 4.6, 5, 2.9, 9.7)),
        .init("conv3_3", (42, 8, 4.6, 5, 2.2, 17.0)), .init("conv4_1", (32, 8, 4.6, 5, 2.6, 13.1)),
        .init("conv4_2", (27, 8, 4.2, 5, 2.9, 10.9)), .init("conv4_3", (34, 8, 4.4, 5, 2.5, 14.0)),
        .init("conv5_1", (35, 8, 4.7, 5, 2.5, 14.3)), .init("conv5_2", (29, 8, 4.6, 5, 2.7, 11.7)),
        .init("conv5_3", (36, 8, 4.6, 5, 2.3, 14.8)), .init("fc6", (4, 5, 3.6, 5, 3.5, 1.6)),
        .init("fc7", (4, 5, 4, 5, 4.3, 1.5)), .init("fc8", (23, 5, 4, 5, 3.4, 7.1)),
    ]
}

/// Symbols whose probabilities fall by a constant factor, beside one that a part of all entries has: fillers.
struct FallingSymbols {
    private let cumulated: [Double]
    private let first: Int

    /// - Parameters:
    ///   - symbols: the falling ones.
    ///   - fillers: a symbol, and the part of all entries that are fillers and have it.
    ///   - entropy: of a symbol of any entry, in bits, which is met from below.
    ///   - mean: no larger mean of the falling symbols.
    init(_ symbols: Range<Int>, fillers: (symbol: Int, part: Double), entropy: Double, mean: Double = .infinity) {
        func falling(_ factor: Double) -> [Double] {
            let terms = symbols.indices.map { pow(factor, Double($0)) }
            return terms.map { $0 / terms.reduce(0, +) }
        }
        func suits(_ probabilities: [Double]) -> Bool {
            var all = [fillers.symbol: fillers.part]
            for (symbol, probability) in zip(symbols, probabilities) {
                all[symbol, default: 0] += (1 - fillers.part) * probability
            }
            let bits = all.values.reduce(0) { $1 > 0 ? $0 - $1 * log2($1) : $0 }
            return bits <= entropy && zip(symbols, probabilities).reduce(0) { $0 + Double($1.0) * $1.1 } <= mean
        }
        var (low, high) = (1e-9, 1.0)
        for _ in 0..<40 {
            let middle = (low + high) / 2
            if suits(falling(middle)) { low = middle } else { high = middle }
        }
        var sum = 0.0
        cumulated = falling(low).map { probability in
            sum += probability
            return sum
        }
        first = symbols.lowerBound
    }

    func draw(_ generator: inout SplitMix64) -> UInt32 {
        let number = Double(generator.next() >> 11) / Double(1 << 53)
        return UInt32(first + (cumulated.firstIndex { number < $0 } ?? cumulated.count - 1))
    }
}
