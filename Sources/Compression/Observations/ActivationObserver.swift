public import Networks
public import Tensors

/// Something that runs a network on calibration cases and says which values it saw.
public protocol ActivationObserver: Sendable {
    /// The distribution of every activation of `network`, inputs included.
    func statistics(of network: Network) throws -> ActivationStatistics

    /// Calls `body` for every calibration case, in their order, with what each of `values` was, as float32.
    ///
    /// Only the nodes on which `values` depend run, and one case at a time is held.
    /// - Throws: `Diagnostics` when only statistics of the cases are known; what `body` throws.
    func observe(_ values: [ValueID], of network: Network, _ body: ([Tensor]) throws -> Void) throws
}

extension ActivationObserver {
    /// Calls `body` as `observe` does for the first `limit` cases; those behind them do not run.
    func observe(
        _ values: [ValueID], of network: Network, first limit: Int, _ body: ([Tensor]) throws -> Void
    ) throws {
        guard limit > 0 else { return }
        var left = limit
        do {
            try observe(values, of: network) { tensors in
                try body(tensors)
                left -= 1
                if left == 0 { throw EndOfObservation() }
            }
        } catch is EndOfObservation {}
    }
}

/// Thrown out of an observation of which enough cases were seen.
private struct EndOfObservation: Error {}

extension Network {
    /// The network that computes `values` and nothing else: they are its outputs, in this order, and its inputs stay.
    public func computing(_ values: [ValueID]) -> Network {
        var part = self
        part.outputs = values
        return part.applying(DeadNodeRemoval()).compacted()
    }
}
