import Diagnostics
public import Tensors
public import Workloads

/// The input on the grid of the output's quantization: from reals, or from another grid.
public struct Quantize: Operator {
    public static let name = "quantize"

    public init() {}

    public var computeClass: ComputeClass { .elementwise }

    public func outputShapes(of inputs: [Shape]) throws -> [Shape] {
        guard inputs.count == 1 else { throw Diagnostic("quantize takes one tensor") }
        return inputs
    }
}
