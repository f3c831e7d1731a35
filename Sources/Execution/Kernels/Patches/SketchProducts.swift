import Networks

/// Products of signs with the bits of the inputs, by counting bits: one count for each factor and each bit of an input.
struct SketchProducts: RowProducts {
    /// Of each row, in order.
    private let factors: [[Int]]
    /// For each row and factor the signs of the row, 64 in a word, a set bit for a positive one.
    private let signs: [[UInt]]
    private let depth: Int
    private let words: Int
    /// Bits of an input without its zero point in two's complement.
    private let planes: Int

    /// - Parameter inputBits: bits of an input without its zero point in two's complement.
    init(_ sketch: BinarySketch, rows: WeightRows, inputBits: Int) throws {
        let patterns = try sketch.patterns(of: rows)
        let words = (rows.depth + 63) / 64
        let factors = (0..<rows.count).map { sketch.factors[sketch.factors.count == 1 ? 0 : $0] }
        signs = factors.indices.map { row in
            var bits = [UInt](repeating: 0, count: factors[row].count * words)
            for place in 0..<rows.depth {
                let pattern = UInt(patterns[row * rows.depth + place])
                for factor in factors[row].indices {
                    bits[factor * words + place / 64] |= (pattern >> UInt(factor) & 1) << UInt(place % 64)
                }
            }
            return bits
        }
        (self.factors, self.words) = (factors, words)
        (depth, planes) = (rows.depth, inputBits)
    }

    var scratchCount: Int { planes * words + planes }

    func multiply(
        _ patch: UnsafePointer<Int>, rows: Range<Int>, scratch: UnsafeMutablePointer<Int>,
        addingTo sums: UnsafeMutablePointer<Int>
    ) {
        slice(patch, into: scratch)
        let ones = scratch + planes * words
        for row in rows {
            sums[row - rows.lowerBound] &+= signs[row].withUnsafeBufferPointer { signs in
                var sum = 0
                for (factor, value) in factors[row].enumerated() {
                    var product = 0
                    for plane in 0..<planes {
                        var positive = 0
                        for word in 0..<words {
                            let bits = signs[factor * words + word] & UInt(bitPattern: scratch[plane * words + word])
                            positive &+= bits.nonzeroBitCount
                        }
                        let difference = (2 &* positive &- ones[plane]) << plane
                        product = plane == planes - 1 ? product &- difference : product &+ difference
                    }
                    sum &+= value &* product
                }
                return sum
            }
        }
    }

    /// The bits of the patch's elements plane by plane, then how many are set in each plane.
    private func slice(_ patch: UnsafePointer<Int>, into scratch: UnsafeMutablePointer<Int>) {
        scratch.update(repeating: 0, count: scratchCount)
        let ones = scratch + planes * words
        for place in 0..<depth {
            for plane in 0..<planes {
                let bit = patch[place] >> plane & 1
                scratch[plane * words + place / 64] |= bit << (place % 64)
                ones[plane] += bit
            }
        }
    }
}
