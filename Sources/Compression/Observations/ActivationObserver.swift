public import Networks

/// Something that runs a network on calibration cases and says which values it saw.
public protocol ActivationObserver: Sendable {
    /// The distribution of every activation of `network`, inputs included.
    func statistics(of network: Network) throws -> ActivationStatistics
}

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
}
