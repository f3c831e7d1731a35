/// How the ends of a range are chosen before it is divided into steps.
public enum Clipping: String, Sendable, Hashable, Codable, CaseIterable {
    /// The smallest and largest number met.
    case max
    /// The numbers that leave a given part outside.
    case percentile
    /// The ends with the least squared error on what was met.
    case mse
}

/// The range that a tensor's steps cover; holds 0.
struct ClippingRange {
    var lower: Double
    var upper: Double

    init(lower: Double, upper: Double) {
        self.lower = min(lower, 0)
        self.upper = max(upper, 0)
    }

    /// The range for values distributed as seen.
    ///
    /// - Parameters:
    ///   - percentile: percent of the values kept inside, above 50 to 100, the rest shared by both ends.
    ///   - levels: steps into which the range will be divided.
    init(_ seen: ActivationDistribution, clipping: Clipping, percentile: Double, levels: Int) {
        self.init(lower: Double(seen.minimum), upper: Double(seen.maximum))
        switch clipping {
        case .max: break
        case .percentile: clip(to: seen, percentile: percentile)
        case .mse: clip(minimizingErrorOn: seen, levels: levels)
        }
    }

    private mutating func clip(to seen: ActivationDistribution, percentile: Double) {
        let outside = Int(Double(seen.count) * (100 - percentile) / 200)
        var (below, low) = (0, 0)
        while low < seen.counts.count, below + seen.counts[low] <= outside {
            below += seen.counts[low]
            low += 1
        }
        var (above, high) = (0, seen.counts.count - 1)
        while high >= 0, above + seen.counts[high] <= outside {
            above += seen.counts[high]
            high -= 1
        }
        let half = seen.binWidth / 2
        if low < seen.counts.count { lower = max(lower, min(seen.center(ofBin: low) - half, 0)) }
        if high >= 0 { upper = min(upper, max(seen.center(ofBin: high) + half, 0)) }
    }

    /// Coordinate descent over 48 positions of each end.
    private mutating func clip(minimizingErrorOn seen: ActivationDistribution, levels: Int) {
        var (centers, weights): ([Double], [Double]) = ([], [])
        for index in seen.counts.indices where seen.counts[index] > 0 {
            centers.append(seen.center(ofBin: index))
            weights.append(Double(seen.counts[index]))
        }
        func error(_ lower: Double, _ upper: Double) -> Double {
            let step = (upper - lower) / Double(levels)
            let first = step > 0 ? (lower / step).rounded() : 0
            return SteppedGrid(step: step, first: first, last: first + Double(levels)).error(centers, weights)
        }
        let (whole, positions) = (self, 48)
        for _ in 0..<2 {
            var best = (error: Double.infinity, end: upper)
            for position in 1...positions {
                let end = whole.upper * Double(position) / Double(positions)
                let error = error(lower, end)
                if error <= best.error { best = (error, end) }
            }
            upper = best.end
            guard whole.lower < 0 else { return }
            best = (Double.infinity, lower)
            for position in 0...positions {
                let end = whole.lower * Double(position) / Double(positions)
                let error = error(end, upper)
                if error <= best.error { best = (error, end) }
            }
            lower = best.end
        }
    }
}
