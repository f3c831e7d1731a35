import Diagnostics
public import Tensors
public import Workloads

/// The scale where an element is not negative, minus the scale elsewhere (BipolarQuant of QONNX).
///
/// Operands: the tensor, and the scale, broadcast to its shape.
public struct BipolarQuantization: Operator {
    public static let name = "bipolarQuantization"

    public init() {}

    public var computeClass: ComputeClass { .elementwise }

    public func outputShapes(of inputs: [Shape]) throws -> [Shape] {
        guard inputs.count == 2 else { throw Diagnostic("takes a tensor and a scale") }
        return try inputs[0].spanning(inputs.dropFirst())
    }
}

extension BipolarQuantization {
    public func evaluate(
        _ operands: [Operand], results: [ResultType], arithmetic: Arithmetic
    ) throws -> [Tensor] {
        try results[0].requireReal()
        let scales = operands[1].reals(over: results[0].shape)
        return [Tensor(results[0].shape, zip(operands[0].reals, scales).map { $0 >= 0 ? $1 : -$1 })]
    }
}
