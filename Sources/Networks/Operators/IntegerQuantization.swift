import Diagnostics
public import Tensors
public import Workloads

/// Reals carried to the nearest points of a grid of whole numbers, and back to reals.
///
/// Operands: the tensor, and scale, zero point and width in bits, broadcast to its shape (Quant and IntQuant of QONNX).
public struct IntegerQuantization: Operator {
    public static let name = "integerQuantization"

    public var isSigned: Bool
    /// Whether the range lacks its lowest number if it is signed, its highest otherwise.
    public var isNarrow: Bool
    public var rounding: RealRounding

    public init(isSigned: Bool, isNarrow: Bool, rounding: RealRounding = .halfToEven) {
        self.isSigned = isSigned
        self.isNarrow = isNarrow
        self.rounding = rounding
    }

    public var computeClass: ComputeClass { .elementwise }

    public func outputShapes(of inputs: [Shape]) throws -> [Shape] {
        guard inputs.count == 4 else { throw Diagnostic("takes a tensor, a scale, a zero point and a width") }
        return try inputs[0].spanning(inputs.dropFirst())
    }
}

extension Shape {
    /// This shape as the only result, if every one of `others` can be broadcast to it.
    func spanning(_ others: some Sequence<Shape>) throws -> [Shape] {
        for other in others where Shape.broadcast(self, other) != self {
            throw Diagnostic("a parameter of \(other) does not suit a tensor of \(self)")
        }
        return [self]
    }
}

extension IntegerQuantization {
    /// `x / scale + zeroPoint`, clamped, then rounded, less the zero point, times the scale; each step in float32.
    ///
    /// One signed bit stands for +1, from 0 upwards, and -1.
    public func evaluate(
        _ operands: [Operand], results: [ResultType], arithmetic: Arithmetic
    ) throws -> [Tensor] {
        try results[0].requireReal()
        let shape = results[0].shape
        let (scales, zeroPoints) = (operands[1].reals(over: shape), operands[2].reals(over: shape))
        let widths = operands[3].reals(over: shape)
        let elements = operands[0].reals.enumerated().map { place, real in
            let steps = real / scales[place] + zeroPoints[place]
            return (whole(steps, bits: widths[place]) - zeroPoints[place]) * scales[place]
        }
        return [Tensor(shape, elements)]
    }

    private func whole(_ steps: Float, bits: Float) -> Float {
        if isSigned, bits == 1 { return steps >= 0 ? 1 : -1 }
        return rounding.whole(WholeRange(bits: bits, isSigned: isSigned, isNarrow: isNarrow).clamped(steps))
    }
}

extension Operand {
    /// The reals, repeated along the axes of `shape` that this operand does not have or has with extent 1.
    func reals(over shape: Shape) -> [Float] {
        let own = reals
        if own.count == 1 { return [Float](repeating: own[0], count: shape.elementCount) }
        return BroadcastPlaces(self.shape, shape, result: shape).map { own[$0.0] }
    }
}
