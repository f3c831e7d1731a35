import Compression
import Networks
import Tensors

/// Statistics that were made before, and cases for the steps that ask for them.
struct KnownStatistics: ActivationObserver {
    /// Of every network that the steps leave: their values keep names and meanings.
    let statistics: ActivationStatistics
    let cases: any ActivationObserver

    func statistics(of network: Network) throws -> ActivationStatistics {
        statistics
    }

    func observe(_ values: [ValueID], of network: Network, _ body: ([Tensor]) throws -> Void) throws {
        try cases.observe(values, of: network, body)
    }
}
