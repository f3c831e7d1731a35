/// Evenly spaced reals, for measuring how far others lie from them.
struct SteppedGrid {
    /// Distance of neighbours; 0 for a grid of 0 alone.
    let step: Double
    /// The first and the last of the grid, in steps.
    let first: Double
    let last: Double

    /// Adding and taking away this number rounds to the nearest integer; which way a tie goes is no matter of error.
    private static let rounding = 0x1.8p52

    /// The sum of squared distances from the grid, each times its weight.
    func error(_ reals: [Double], _ weights: [Double]) -> Double {
        guard step > 0 else { return zip(reals, weights).reduce(0) { $0 + $1.0 * $1.0 * $1.1 } }
        var sum = 0.0
        let perStep = 1 / step
        for index in reals.indices {
            let distance = nearest(reals[index] * perStep) * step - reals[index]
            sum += distance * distance * weights[index]
        }
        return sum
    }

    /// The sum of squared distances from the grid.
    func error(_ reals: ArraySlice<Double>) -> Double {
        reals.withUnsafeBufferPointer { reals in
            guard step > 0 else { return reals.reduce(0) { $0 + $1 * $1 } }
            let perStep = 1 / step
            var sum = SIMD8<Double>.zero
            for block in 0..<reals.count / 8 {
                let real = SIMD8<Double>(reals[block * 8..<block * 8 + 8])
                let index = (real * perStep + SteppedGrid.rounding) - SteppedGrid.rounding
                let distance =
                    index.clamped(lowerBound: .init(repeating: first), upperBound: .init(repeating: last))
                    * step - real
                sum += distance * distance
            }
            var rest = 0.0
            for place in reals.count / 8 * 8..<reals.count {
                let distance = nearest(reals[place] * perStep) * step - reals[place]
                rest += distance * distance
            }
            return sum.sum() + rest
        }
    }

    private func nearest(_ steps: Double) -> Double {
        min(max((steps + SteppedGrid.rounding) - SteppedGrid.rounding, first), last)
    }
}
