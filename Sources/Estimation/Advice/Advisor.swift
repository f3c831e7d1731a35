import Hardware
import Quantities
import Scheduling
public import Workloads

/// Says what would shorten the layers that take most of the time, by costing them again under one change at a time.
///
/// Changes are edits of the device (ports, memories, buffers, dataflow), of where data lie, and of the layer (widths,
/// storage, granularity, filters). Each is tried alone with all else as it was; whether it can be built, bought or borne
/// by the accuracy is not asked.
public struct Advisor: Sendable {
    /// Layers looked at: those of most cycles, at most this many.
    public static let layers = 12
    /// Changes told for one layer, those that save most first.
    public static let changes = 4
    /// A smaller share of the layer's cycles is not worth a line.
    public static let leastShare = 0.02

    let estimator: Estimator

    public init(_ estimator: Estimator) {
        self.estimator = estimator
    }

    /// Advice for each layer of the workload; empty for those that take few cycles.
    public func advice(on workload: Workload, _ estimate: Estimate) -> [[Advice]] {
        let placement = estimate.schedule.placement
        let variants = DeviceVariant.all(of: estimator.device, placement: placement).compactMap { variant in
            (try? Estimator(device: variant.device, runtime: estimator.runtime)).map { (variant.change, $0) }
        }
        if let now = estimate.throughput {
            return pipelineAdvice(on: workload, now, by: variants.map { (change: $0.0, estimator: $0.1) })
        }
        let largest = estimate.layers.indices
            .filter { estimate.layers[$0].cycles.total > 0 && workload.layers.indices.contains($0) }
            .sorted { (estimate.layers[$1].cycles.total, $0) < (estimate.layers[$0].cycles.total, $1) }
            .prefix(Self.layers)
        var advice = [[Advice]](repeating: [], count: estimate.layers.count)
        for index in largest {
            let operands = workload.operands(ofLayer: index)
            var tried = variants.compactMap { change, other in
                outcome(change, of: operands, placement, by: other)
            }
            tried += placements(estimate).compactMap { outcome($0, of: operands, $1, by: estimator) }
            tried += LayerVariant.all(of: operands).compactMap {
                outcome($0.change, of: $0.operands, placement, by: estimator)
            }
            advice[index] = Self.best(tried, now: estimate.layers[index].cycles.total)
        }
        return advice
    }

    private func outcome(
        _ change: String, of operands: LayerOperands, _ placement: Placement, by estimator: Estimator
    ) -> (change: String, cycles: Int)? {
        (try? estimator.cost(of: operands, placement: placement)).map { (change, $0.cycles.total) }
    }

    static func best(_ tried: [(change: String, cycles: Int)], now: Int) -> [Advice] {
        let least = max(1, Int(Double(now) * leastShare))
        let helpful = tried.filter { now - $0.cycles >= least }.sorted {
            ($0.cycles, $0.change) < ($1.cycles, $1.change)
        }
        return helpful.prefix(changes).map { Advice(change: $0.change, cycles: $0.cycles, saving: now - $0.cycles) }
    }

    /// Other memories that would hold all weights, or all activations.
    private func placements(_ estimate: Estimate) -> [(change: String, placement: Placement)] {
        let now = estimate.schedule.placement
        var others: [(String, Placement)] = []
        for memory in estimator.device.memories where memory.kind != .buffer {
            if let old = now.activations, memory.name != old, memory.size.count >= estimate.totals.ramBytes {
                others.append(
                    ("activations in '\(memory.name)'", Placement(weights: now.weights, activations: memory.name)))
            }
            if let old = now.weights, memory.name != old, memory.size.count >= estimate.totals.flashBytes {
                others.append(
                    ("weights in '\(memory.name)'", Placement(weights: memory.name, activations: now.activations)))
            }
        }
        return others
    }
}
