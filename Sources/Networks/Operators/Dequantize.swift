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

extension Dequantize {
    public func evaluate(
        _ operands: [Operand], results: [ResultType], arithmetic: Arithmetic
    ) throws -> [Tensor] {
        try results[0].requireReal()
        guard operands[0].quantization != nil else { throw Diagnostic.mixedOperands }
        return [Tensor(results[0].shape, operands[0].reals)]
    }
}
