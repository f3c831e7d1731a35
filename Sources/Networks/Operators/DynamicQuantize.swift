import Diagnostics
import FixedPoint
public import Tensors
public import Workloads

/// Reals as unsigned 8-bit integers on the grid that spans them and zero, with the grid's scale and zero point.
///
/// Results: the integers, the scale, the zero point (DynamicQuantizeLinear of ONNX).
public struct DynamicQuantize: Operator {
    public static let name = "dynamicQuantize"

    public init() {}

    public var computeClass: ComputeClass { .elementwise }

    public func outputShapes(of inputs: [Shape]) throws -> [Shape] {
        guard inputs.count == 1 else { throw Diagnostic("dynamic quantization takes one tensor") }
        return [inputs[0], [], []]
    }
}

extension DynamicQuantize {
    /// Range, scale and zero point in float32, halves to even.
    public func evaluate(
        _ operands: [Operand], results: [ResultType], arithmetic: Arithmetic
    ) throws -> [Tensor] {
        guard case .float32(let reals) = operands[0].tensor.elements else { throw Diagnostic.mixedOperands }
        let (low, high) = (reals.reduce(0) { min($0, $1) }, reals.reduce(0) { max($0, $1) })
        let scale = low == high ? 1 : (high - low) / 255
        let zeroPoint = Rounding.halfToEven.round(Double(-(low / scale)), into: 0...255)
        let elements = reals.map {
            min(max(Rounding.halfToEven.round(Double($0 / scale), into: -(1 << 40)...(1 << 40)) + zeroPoint, 0), 255)
        }
        return [
            try Tensor.result(elements, as: results[0]), Tensor([], [scale]),
            try Tensor.result([zeroPoint], as: results[2]),
        ]
    }
}
