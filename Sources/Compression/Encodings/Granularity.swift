public import Workloads

/// Which weights are taken away or stored together.
public enum Granularity: String, Sendable, Hashable, Codable, CaseIterable {
    /// Each weight for itself.
    case weight
    /// A row of a kernel, along its width.
    case vector
    /// The kernel of one input and one output channel.
    case kernel
    /// All weights of one output channel.
    case filter

    /// The same structure in the terms of a workload.
    public var zeroStructure: WeightFootprint.ZeroStructure {
        switch self {
        case .weight: .element
        case .vector: .vector
        case .kernel: .kernel
        case .filter: .filter
        }
    }
}
