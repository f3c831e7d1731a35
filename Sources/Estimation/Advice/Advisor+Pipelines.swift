import Workloads

extension Advisor {
    /// What would shorten the interval between two frames, told at the slowest layer.
    ///
    /// Layers of a pipeline share the chip, so that each change is tried on the whole network.
    func pipelineAdvice(
        on workload: Workload, _ now: Throughput, by variants: [(change: String, estimator: Estimator)]
    ) -> [[Advice]] {
        var advice = [[Advice]](repeating: [], count: workload.layers.count)
        let slowest = workload.layers.firstIndex { $0.name == now.slowestLayer } ?? 0
        guard advice.indices.contains(slowest) else { return advice }
        let tried = variants.compactMap { change, estimator -> (change: String, cycles: Int)? in
            guard case .success(let other) = estimator.estimate(workload) else { return nil }
            return other.throughput.map { (change, $0.intervalCycles) }
        }
        advice[slowest] = Self.best(tried, now: now.intervalCycles)
        return advice
    }
}
