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
    /// The weights at one place of the kernels of one input channel, over all outputs: a column of patches.
    case column
    /// One output by four neighbouring inputs.
    case block1x4
    /// Four neighbouring outputs by one input.
    case block4x1
    /// Four neighbouring outputs by four neighbouring inputs.
    case block4x4
    /// Eight neighbouring outputs by eight neighbouring inputs.
    case block8x8

    /// Outputs and inputs of a block; nil for the parts of a kernel.
    public var block: (outputs: Int, inputs: Int)? {
        switch self {
        case .weight, .vector, .kernel, .filter, .column: nil
        case .block1x4: (1, 4)
        case .block4x1: (4, 1)
        case .block4x4: (4, 4)
        case .block8x8: (8, 8)
        }
    }

    /// The same structure in the terms of a workload.
    public var zeroStructure: WeightFootprint.ZeroStructure {
        switch self {
        case .weight: .element
        case .vector: .vector
        case .kernel: .kernel
        case .filter: .filter
        case .column: .column
        case .block1x4, .block4x1, .block4x4, .block8x8: .block
        }
    }
}
