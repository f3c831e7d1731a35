import Networks

/// Inputs shifted to the left and added or subtracted; zeros are left out.
struct PowerOfTwoProducts: RowProducts {
    private struct Term {
        var place: Int32
        var shift: UInt8
        /// 0 to add, -1 to subtract.
        var mask: Int8
    }

    private let terms: [Term]
    /// For each row, where its terms start; then the end.
    private let starts: [Int]

    init(_ powers: PowersOfTwo, rows: WeightRows) throws {
        let factors = try powers.factors(of: rows)
        var (terms, starts) = ([Term](), [0])
        for row in 0..<rows.count {
            for place in 0..<rows.depth {
                let factor = factors[row * rows.depth + place]
                guard factor.sign != 0 else { continue }
                terms.append(Term(place: Int32(place), shift: factor.shift, mask: factor.sign < 0 ? -1 : 0))
            }
            starts.append(terms.count)
        }
        (self.terms, self.starts) = (terms, starts)
    }

    var scratchCount: Int { 0 }

    func multiply(
        _ patch: UnsafePointer<Int>, rows: Range<Int>, scratch: UnsafeMutablePointer<Int>,
        addingTo sums: UnsafeMutablePointer<Int>
    ) {
        terms.withUnsafeBufferPointer { terms in
            for row in rows {
                var sum = 0
                for index in starts[row]..<starts[row + 1] {
                    let (term, mask) = (terms[index], Int(terms[index].mask))
                    sum &+= (patch[Int(term.place)] << Int(term.shift) ^ mask) &- mask
                }
                sums[row - rows.lowerBound] &+= sum
            }
        }
    }
}
