import Diagnostics
import FixedPoint
public import Tensors
public import Workloads

/// Product of two tensors, element by element, of the same shape or of extents 1 where they differ.
public struct Multiplication: Operator {
    public static let name = "multiplication"

    public var activation: Activation

    public init(activation: Activation = .none) {
        self.activation = activation
    }

    public var computeClass: ComputeClass { .elementwise }

    public func outputShapes(of inputs: [Shape]) throws -> [Shape] {
        guard inputs.count == 2 else { throw Diagnostic("a multiplication takes two tensors") }
        guard let shape = Shape.broadcast(inputs[0], inputs[1]) else {
            throw Diagnostic("tensors of \(inputs[0]) and \(inputs[1]) cannot be combined element by element")
        }
        return [shape]
    }
}

extension Multiplication {
    /// On integers: the product of both offsets from zero, requantized by the product of the scales over the result's;
    /// with the kernels of ONNX Runtime the zero point is added in float32.
    public func evaluate(
        _ operands: [Operand], results: [ResultType], arithmetic: Arithmetic
    ) throws -> [Tensor] {
        let result = results[0]
        let (first, second) = (operands[0], operands[1])
        let places = BroadcastPlaces(first.shape, second.shape, result: result.shape)
        guard let left = first.quantization, let right = second.quantization, let output = result.quantization else {
            try result.requireReal()
            let (a, b) = (first.reals, second.reals)
            return [Tensor(result.shape, places.map { activation.clamped(a[$0] * b[$1]) })]
        }
        let single = left.scale * right.scale / output.scale
        let isSingle = arithmetic.runtime.formsFactorsInSingle
        let isNarrow = [left, right, output].allSatisfy { $0.format.bits <= 8 }
        let requantization = Requantization(
            real: isSingle ? Double(single) : Double(left.scale) * Double(right.scale) / Double(output.scale),
            scale: single, family: isNarrow ? arithmetic.runtime.multiplication : arithmetic.runtime.elementwise,
            sumBits: left.format.bits + right.format.bits > 24 ? 64 : 32)
        let grid = OutputGrid(output, activation: activation)
        let (a, b) = (first.integers, second.integers)
        let elements = places.map { place in
            let product = (a[place.0] - left.zeroPoint) * (b[place.1] - right.zeroPoint)
            return arithmetic.runtime.usesMLAS
                ? grid.element(including: Float(product) * requantization.scale + Float(output.zeroPoint))
                : grid.element(requantization(product))
        }
        return [try Tensor.result(elements, as: result)]
    }
}
