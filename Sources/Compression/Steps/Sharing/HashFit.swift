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
        return error.dot(weighted(error))
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
        var solution = start
        let error = zip(target, reads.scattered(start)).map { $0 - $1 }
        var residual = reads.gathered(weighted(error))
        var direction = residual
        var square = residual.dot(residual)
        let goal = square * 1e-20
        for _ in 0..<iterations where square > goal {
            let image = reads.gathered(weighted(reads.scattered(direction)))
            let curvature = direction.dot(image)
            guard curvature > 0 else { break }
            let length = square / curvature
            for place in solution.indices {
                solution[place] += length * direction[place]
                residual[place] -= length * image[place]
            }
            let next = residual.dot(residual)
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
    /// One a group.
    private let metrics: [FilterMetric]

    /// - Parameter positions: at most so many output positions of a case are looked at.
    init?(of node: Node, in network: Network, observing observer: any ActivationObserver, positions: Int) throws {
        guard let patches = LayerPatches(node, in: network) else { return nil }
        self.patches = patches
        metrics = try FactorFit.sampleResponses.metrics(
            of: node, in: network, groups: patches.groups, observing: observer, positions: positions)
    }

    func callAsFunction(_ elements: [Double]) -> [Double] {
        var result = elements
        for (group, metric) in metrics.enumerated() {
            patches.put(metric.weighted(patches.filters(of: elements, group: group)), group: group, into: &result)
        }
        return result
    }

    /// What the bias of each channel must be raised by for a change of the weights.
    func meanChange(_ change: [Double]) -> [Double] {
        metrics.enumerated().flatMap { group, metric in metric.offsets(patches.filters(of: change, group: group)) }
    }
}
