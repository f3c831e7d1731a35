import Diagnostics
public import Networks
public import Tensors

/// What was seen of every activation tensor, by the name of its value.
public struct ActivationStatistics: Sendable, Hashable, Codable {
    public var distributions: [String: ActivationDistribution]

    public init(_ distributions: [String: ActivationDistribution] = [:]) {
        self.distributions = distributions
    }

    public subscript(name: String) -> ActivationDistribution? {
        distributions[name]
    }

    /// Adds elements of the value `name`.
    public mutating func record(_ elements: [Float], of name: String) {
        distributions[name, default: ActivationDistribution()].record(elements)
    }

    /// Adds what was seen elsewhere; the result does not depend on the order of merging.
    public mutating func merge(_ other: ActivationStatistics) {
        distributions.merge(other.distributions) { $0.merging($1) }
    }
}

extension ActivationStatistics: ActivationObserver {
    /// What was seen before, whatever the network: for steps that leave the names and meanings of its values alone.
    public func statistics(of network: Network) throws -> ActivationStatistics {
        self
    }

    public func observe(_ values: [ValueID], of network: Network, _ body: ([Tensor]) throws -> Void) throws {
        throw Diagnostics([
            Diagnostic("the step needs calibration cases themselves, and only their statistics are known")
        ])
    }
}
