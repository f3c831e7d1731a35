import Foundation

/// The weights of a layer in equal levels between minus and plus their largest magnitude.
///
/// After Fig. 2 of the survey (Ge: Efficient Deep Learning in Network Compression and Acceleration, 2018), where 32 levels show a
/// peak at zero: the entropy is what a coder of levels can reach, beside `log2(levels)` bits for each weight without one.
public struct WeightHistogram: Sendable, Hashable, Codable {
    /// Weights in each level, from the most negative.
    public var counts: [Int]
    /// The largest magnitude; the levels are its multiples by -1...1.
    public var largest: Double

    /// - Parameter levels: at least 1.
    public init(_ reals: [Double], levels: Int = 32) {
        let largest = reals.reduce(0) { max($0, abs($1)) }
        self.largest = largest
        counts = [Int](repeating: 0, count: levels)
        for real in reals {
            let place = largest > 0 ? (real / largest + 1) / 2 * Double(levels) : Double(levels / 2)
            counts[min(max(Int(place), 0), levels - 1)] += 1
        }
    }

    /// Shannon entropy of a level, in bits a weight; 0 without weights.
    public var entropyBits: Double { counts.entropyBits }

    /// Bits of a level without coding.
    public var fixedBits: Double { log2(Double(counts.count)) }
}
