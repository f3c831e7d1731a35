import Foundation
import Tensors

/// How the values of a weight tensor are spread.
struct WeightStatistics {
    let zeroFraction: Double
    let entropyBits: Double

    /// - Parameter zeroPoints: the elements that stand for 0, one for all or one for each index of an axis; nil for 0.
    init(_ tensor: Tensor, zeroPoints: [Int]?) {
        let count = tensor.shape.elementCount
        let zero = zeroPoints?.first ?? 0
        let counts: [Int]
        let zeros: Int
        switch tensor.elements {
        case .float32(let values):
            (zeros, counts) = values.withUnsafeBufferPointer { values in
                (
                    values.reduce(0) { $0 + ($1 == 0 ? 1 : 0) },
                    WeightStatistics.occurrences(count: count) { values[$0] == 0 ? 0 : values[$0].bitPattern }
                )
            }
        case .int8, .uint8, .int16, .int32, .int64:
            let values = tensor.integers ?? []
            zeros = values.reduce(0) { $0 + ($1 == zero ? 1 : 0) }
            counts = WeightStatistics.occurrences(count: count) { UInt32(truncatingIfNeeded: values[$0]) }
        }
        zeroFraction = Double(zeros) / Double(max(1, count))
        entropyBits = -counts.reduce(0) { sum, occurrences in
            let share = Double(occurrences) / Double(count)
            return sum + share * log2(share)
        }
    }

    /// How often each value occurs: sorted by the high half of its bits, then tallied by the low half.
    private static func occurrences(count: Int, _ value: (Int) -> UInt32) -> [Int] {
        let ends = UnsafeMutableBufferPointer<Int>.allocate(capacity: 1 << 16)
        let lows = UnsafeMutableBufferPointer<UInt16>.allocate(capacity: count)
        defer {
            ends.deallocate()
            lows.deallocate()
        }
        ends.initialize(repeating: 0)
        lows.initialize(repeating: 0)
        for index in 0..<count { ends[Int(value(index) >> 16)] += 1 }
        var start = 0
        for high in ends.indices {
            start += ends[high]
            ends[high] = start - ends[high]
        }
        for index in 0..<count {
            let bits = value(index)
            let high = Int(bits >> 16)
            lows[ends[high]] = UInt16(truncatingIfNeeded: bits)
            ends[high] += 1
        }
        return tallies(of: lows, ends: ends)
    }

    /// How often each number occurs in each of the stretches that stop at `ends`.
    private static func tallies(
        of lows: UnsafeMutableBufferPointer<UInt16>, ends: UnsafeMutableBufferPointer<Int>
    ) -> [Int] {
        var occurrences: [Int] = []
        let tally = UnsafeMutableBufferPointer<Int>.allocate(capacity: 1 << 16)
        defer { tally.deallocate() }
        tally.initialize(repeating: 0)
        var start = 0
        for end in ends where end > start {
            for place in start..<end { tally[Int(lows[place])] += 1 }
            for place in start..<end where tally[Int(lows[place])] > 0 {
                occurrences.append(tally[Int(lows[place])])
                tally[Int(lows[place])] = 0
            }
            start = end
        }
        return occurrences
    }
}
