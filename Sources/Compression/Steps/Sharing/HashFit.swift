import Networks

/// Values of buckets fitted so that what hashes read of them comes near to given elements.
struct HashFit {
    let reads: HashedReads
    let target: [Double]
    /// A symmetric form `M` in which errors are measured, `e' M e`; none for the sum of squares.
    let metric: HashMetric?

    /// `M` times an error.
    func weighted(_ error: [Double]) -> [Double] { metric?(error) ?? error }

    /// The error of some elements in the metric.
    func error(_ elements: [Double]) -> Double {
        let error = zip(target, elements).map { $0 - $1 }
        return zip(error, weighted(error)).reduce(0) { $0 + $1.0 * $1.1 }
    }

    /// The buckets whose sums of reads have the least error, from the means of what reads each.
    ///
    /// For one read and the sum of squares the means are that already; else conjugate gradients lower the error from there.
    func buckets(iterations: Int = 60) -> [Double] {
        var counts = [Double](repeating: 0, count: reads.buckets)
        for place in reads.places { counts[Int(place)] += 1 }
        let start = zip(reads.gathered(target), counts).map { $1 > 0 ? $0 / $1 / Double(reads.reads) : 0 }
        if reads.reads == 1, metric == nil { return start }
        return descend(from: start, iterations: iterations)
    }

    /// Conjugate gradients on `S' M S x = S' M target`, where `S` reads and sums.
    private func descend(from start: [Double], iterations: Int) -> [Double] {
        func product(_ left: [Double], _ right: [Double]) -> Double { zip(left, right).reduce(0) { $0 + $1.0 * $1.1 } }
        var solution = start
        let error = zip(target, reads.scattered(start)).map { $0 - $1 }
        var residual = reads.gathered(weighted(error))
        var direction = residual
        var square = product(residual, residual)
        let goal = square * 1e-20
        for _ in 0..<iterations where square > goal {
            let image = reads.gathered(weighted(reads.scattered(direction)))
            let curvature = product(direction, image)
            guard curvature > 0 else { break }
            let length = square / curvature
            for place in solution.indices {
                solution[place] += length * direction[place]
                residual[place] -= length * image[place]
            }
            let next = product(residual, residual)
            for place in direction.indices { direction[place] = residual[place] + next / square * direction[place] }
            square = next
        }
        return solution
    }
}

/// How much a change of a layer's weights changes its responses on the calibration cases: `e` to `e C`, row by row.
///
/// Responses are looked at without their means, which the bias takes.
struct HashMetric {
    private let patches: LayerPatches
    private var covariances: [Matrix] = []
    private var means: [[Double]] = []

    /// - Parameter positions: at most so many output positions of a case are looked at.
    init?(of node: Node, in network: Network, observing observer: any ActivationObserver, positions: Int) throws {
        guard let patches = LayerPatches(node, in: network) else { return nil }
        self.patches = patches
        for moments in try observer.moments(of: node, in: network, positions: positions) {
            let count = Double(max(moments.count, 1))
            var covariance = moments.gram
            covariance.addOuter(moments.columnSums, moments.columnSums, factor: -1 / count)
            covariances.append(covariance)
            means.append(moments.columnSums.map { $0 / count })
        }
    }

    func callAsFunction(_ elements: [Double]) -> [Double] {
        var result = elements
        for (group, covariance) in covariances.enumerated() {
            let product = patches.filters(of: elements, group: group).times(covariance)
            for row in 0..<product.rows {
                let channel = patches.channel(row, ofGroup: group)
                for column in 0..<product.columns {
                    result[patches.place(ofColumn: column, channel: channel)] = product[row, column]
                }
            }
        }
        return result
    }

    /// What the bias of each channel must be raised by for a change of the weights.
    func meanChange(_ change: [Double]) -> [Double] {
        means.enumerated().flatMap { group, means in
            let filters = patches.filters(of: change, group: group)
            return (0..<filters.rows).map { row in
                means.indices.reduce(0) { $0 + means[$1] * filters[row, $1] }
            }
        }
    }
}
