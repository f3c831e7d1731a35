import Diagnostics
public import Tensors
public import Workloads

/// The reals for which quantized elements stand.
public struct Dequantize: Operator {
    public static let name = "dequantize"

    public init() {}

    public var computeClass: ComputeClass { .elementwise }

    public func outputShapes(of inputs: [Shape]) throws -> [Shape] {
        guard inputs.count == 1 else { throw Diagnostic("dequantize takes one tensor") }
        return inputs
    }
}
