import Diagnostics
import FixedPoint
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
        guard let grid = operands[0].quantization else { throw Diagnostic.mixedOperands }
        var reals = operands[0].reals
        if arithmetic.runtime.dequantization == .eightLanes, grid.axis == nil, grid.format.bits == 8 {
            let zero = -Float(grid.zeroPoint) * grid.scale
            let integers = operands[0].integers
            for place in 0..<integers.count / 8 * 8 { reals[place] = Float(integers[place]) * grid.scale + zero }
        }
        return [Tensor(results[0].shape, reals)]
    }
}
