import Foundation
import Tensors

/// How the values of a weight tensor are spread.
struct WeightStatistics {
    let zeroFraction: Double
    let entropyBits: Double

    /// - Parameter zeroPoints: the elements that stand for 0, one for all or one for each index of an axis; nil for 0.
    init(_ tensor: Tensor, zeroPoints: [Int]?) {
        let count = max(1, tensor.shape.elementCount)
        let zero = zeroPoints?.first ?? 0
        let counts: [Int]
        switch tensor.elements {
        case .float32(let values):
            zeroFraction = Double(values.reduce(0) { $0 + ($1 == 0 ? 1 : 0) }) / Double(count)
            counts = WeightStatistics.occurrences(values.lazy.map { $0 == 0 ? 0 : $0.bitPattern }, count: count)
        case .int8, .uint8, .int16, .int32, .int64:
            let values = tensor.integers ?? []
            zeroFraction = Double(values.reduce(0) { $0 + ($1 == zero ? 1 : 0) }) / Double(count)
            counts = WeightStatistics.occurrences(
                values.lazy.map { UInt32(truncatingIfNeeded: $0) &+ 0x8000 }, count: count)
        }
        entropyBits = -counts.reduce(0) { sum, occurrences in
            let share = Double(occurrences) / Double(count)
            return sum + share * log2(share)
        }
    }

    /// How often each value occurs, sorted by value: by the high half first, then by the low half inside it.
    private static func occurrences(_ values: some Sequence<UInt32>, count: Int) -> [Int] {
        var ends = [Int](repeating: 0, count: 1 << 16)
        for value in values { ends[Int(value >> 16)] += 1 }
        var start = 0
        for high in ends.indices {
            start += ends[high]
            ends[high] = start - ends[high]
        }
        var lows = [UInt16](repeating: 0, count: start)
        for value in values {
            lows[ends[Int(value >> 16)]] = UInt16(truncatingIfNeeded: value)
            ends[Int(value >> 16)] += 1
        }
        var occurrences: [Int] = []
        var tally = [Int](repeating: 0, count: 1 << 16)
        start = 0
        for end in ends where end > start {
            for low in lows[start..<end] { tally[Int(low)] += 1 }
            for low in lows[start..<end] where tally[Int(low)] > 0 {
                occurrences.append(tally[Int(low)])
                tally[Int(low)] = 0
            }
            start = end
        }
        return occurrences
    }
}
