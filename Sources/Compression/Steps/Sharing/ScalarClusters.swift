import Tensors

/// Shared values of numbers: Lloyd's k-means on a line.
package struct ScalarClusters: Sendable {
    /// Where the centers start.
    package enum Start: String, Sendable, Hashable, CaseIterable {
        /// Evenly from the least to the largest number, so that few large numbers keep a center near them.
        case linear
        /// At even parts of the numbers in their order.
        case density
        /// At numbers drawn from a seed.
        case random
    }

    /// Ascending.
    package let centers: [Double]

    /// The centers of `count` clusters; fewer where some stay empty and repeat another, exact where no more numbers are distinct.
    ///
    /// - Parameters:
    ///   - numbers: each with its weight in the squared error, above 0.
    ///   - rounds: at most; ends when no number changes its cluster.
    package init(_ numbers: [(value: Double, weight: Double)], count: Int, start: Start = .linear, rounds: Int = 200) {
        let sorted = numbers.sorted { $0.value < $1.value }
        let values = sorted.map(\.value)
        let distinct = values.indices.filter { $0 == 0 || values[$0] != values[$0 - 1] }.map { values[$0] }
        guard distinct.count > count, count > 0 else {
            centers = distinct
            return
        }
        var (weights, sums) = ([0.0], [0.0])
        for (place, number) in sorted.enumerated() {
            weights.append(weights[place] + number.weight)
            sums.append(sums[place] + number.weight * number.value)
        }
        var centers = ScalarClusters.start(start, of: values, distinct: distinct, count: count)
        var bounds: [Int] = []
        for _ in 0..<rounds {
            let next = ScalarClusters.bounds(of: centers, in: values)
            guard next != bounds else { break }
            bounds = next
            for place in centers.indices where bounds[place] < bounds[place + 1] {
                let (first, end) = (bounds[place], bounds[place + 1])
                let mean = (sums[end] - sums[first]) / (weights[end] - weights[first])
                centers[place] = min(max(mean, values[first]), values[end - 1])
            }
        }
        self.centers = centers
    }

    /// Clusters around given centers.
    package init(centers: [Double]) {
        self.centers = centers.sorted()
    }

    /// The nearest center; of equally near ones, the lower.
    package func nearest(to value: Double) -> Double { centers[place(nearest: value)] }

    /// The place of the nearest center; of equally near ones, of the lower.
    package func place(nearest value: Double) -> Int {
        let above = ScalarClusters.partition(0..<centers.count) { centers[$0] < value }
        guard above > 0 else { return 0 }
        guard above < centers.count else { return above - 1 }
        return value - centers[above - 1] <= centers[above] - value ? above - 1 : above
    }

    private static func start(_ start: Start, of values: [Double], distinct: [Double], count: Int) -> [Double] {
        switch start {
        case .linear:
            let (low, high) = (values[0], values[values.count - 1])
            return (0..<count).map {
                count == 1 ? (low + high) / 2 : low + (high - low) * Double($0) / Double(count - 1)
            }
        case .density:
            return (0..<count).map { values[(2 * $0 + 1) * values.count / (2 * count)] }
        case .random:
            var (generator, drawn) = (SplitMix64(seed: 0), distinct)
            for place in 0..<count { drawn.swapAt(place, place + generator.below(drawn.count - place)) }
            return drawn[..<count].sorted()
        }
    }

    /// The first number of each cluster, and the end of the last.
    private static func bounds(of centers: [Double], in values: [Double]) -> [Int] {
        var bounds = [0]
        for place in 1..<max(centers.count, 1) {
            let middle = (centers[place - 1] + centers[place]) / 2
            bounds.append(partition((bounds.last ?? 0)..<values.count) { values[$0] <= middle })
        }
        return bounds + [values.count]
    }

    /// The first place for which `isBefore` no longer holds.
    private static func partition(_ range: Range<Int>, _ isBefore: (Int) -> Bool) -> Int {
        var (low, high) = (range.lowerBound, range.upperBound)
        while low < high {
            let middle = (low + high) / 2
            if isBefore(middle) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
