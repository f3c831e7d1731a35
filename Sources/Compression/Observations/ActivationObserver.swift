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

extension Network {
    /// The network that computes `values` and nothing else: they are its outputs, in this order, and its inputs stay.
    public func computing(_ values: [ValueID]) -> Network {
        var part = self
        part.outputs = values
        return part.applying(DeadNodeRemoval()).compacted()
    }
}
