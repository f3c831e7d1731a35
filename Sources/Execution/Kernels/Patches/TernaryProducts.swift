import Networks

/// Inputs under positive and under negative weights in two accumulators, each multiplied by its level.
struct TernaryProducts: RowProducts {
    private let positive: [Int]
    private let negative: [Int]
    /// Places of a row's positive weights, then of its negative weights, row after row.
    private let places: [Int32]
    /// For each row, where its positive and its negative places start; then the end.
    private let starts: [Int]

    init(_ levels: TernaryLevels, rows: WeightRows) throws {
        let signs = try levels.signs(of: rows)
        let isShared = levels.positive.count == 1
        positive = isShared ? Array(repeating: levels.positive[0], count: rows.count) : levels.positive
        negative = isShared ? Array(repeating: levels.negative[0], count: rows.count) : levels.negative
        var (places, starts) = ([Int32](), [0])
        for row in 0..<rows.count {
            for sign in [1, -1] as [Int8] {
                places += (0..<rows.depth).filter { signs[row * rows.depth + $0] == sign }.map(Int32.init)
                starts.append(places.count)
            }
        }
        (self.places, self.starts) = (places, starts)
    }

    var scratchCount: Int { 0 }

    func multiply(
        _ patch: UnsafePointer<Int>, rows: Range<Int>, scratch: UnsafeMutablePointer<Int>,
        addingTo sums: UnsafeMutablePointer<Int>
    ) {
        places.withUnsafeBufferPointer { places in
            for row in rows {
                let (first, second, end) = (starts[2 * row], starts[2 * row + 1], starts[2 * row + 2])
                var (above, below) = (0, 0)
                for index in first..<second { above &+= patch[Int(places[index])] }
                for index in second..<end { below &+= patch[Int(places[index])] }
                sums[row - rows.lowerBound] &+= positive[row] &* above &- negative[row] &* below
            }
        }
    }
}
