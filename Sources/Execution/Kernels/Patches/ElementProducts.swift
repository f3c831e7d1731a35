import FixedPoint
import Networks

/// Each product of an input and a weight for itself, in the declared order.
struct ElementProducts: RowProducts {
    private let weights: [Int]
    private let depth: Int
    private let accumulator: Accumulator

    /// - Parameter rows: without zero points.
    init(_ rows: WeightRows, accumulator: Accumulator) {
        weights = rows.elements
        depth = rows.depth
        self.accumulator = accumulator
    }

    var scratchCount: Int { 0 }

    func multiply(
        _ patch: UnsafePointer<Int>, rows: Range<Int>, scratch: UnsafeMutablePointer<Int>,
        addingTo sums: UnsafeMutablePointer<Int>
    ) {
        weights.withUnsafeBufferPointer { weights in
            for row in rows {
                let place = row - rows.lowerBound
                switch accumulator.overflow {
                case .wrap, .proved:
                    var sum = sums[place]
                    for index in 0..<depth { sum &+= patch[index] &* weights[row * depth + index] }
                    sums[place] = sum
                case .saturate:
                    var sum = accumulator.loading(sums[place])
                    for index in 0..<depth {
                        sum = accumulator.adding(patch[index] &* weights[row * depth + index], to: sum)
                    }
                    sums[place] = sum
                }
            }
        }
    }
}
