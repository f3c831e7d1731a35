import Diagnostics
import Foundation
public import Tensors
public import Workloads

/// Points of a grid carried to a coarser grid by a power of two, and back to reals (Trunc of QONNX).
///
/// Operands: the tensor, its scale, zero point and width in bits, then the result's scale and width (version 2) or the
/// result's width alone (version 1, which keeps the scale). Parameters are broadcast to the tensor's shape.
public struct Truncation: Operator {
    public static let name = "truncation"

    public var isSigned: Bool
    /// Whether the result's range lacks its lowest number if it is signed, its highest otherwise.
    public var isNarrow: Bool
    public var rounding: RealRounding

    public init(isSigned: Bool, isNarrow: Bool, rounding: RealRounding = .floor) {
        self.isSigned = isSigned
        self.isNarrow = isNarrow
        self.rounding = rounding
    }

    public var computeClass: ComputeClass { .elementwise }

    public func outputShapes(of inputs: [Shape]) throws -> [Shape] {
        guard (5...6).contains(inputs.count) else { throw Diagnostic("takes a tensor and four or five parameters") }
        return try inputs[0].spanning(inputs.dropFirst())
    }
}

extension Truncation {
    /// Whole numbers by `x / scale + zeroPoint`, halves to even, over the power of two, clamped (version 2) and rounded;
    /// each step in float32.
    public func evaluate(
        _ operands: [Operand], results: [ResultType], arithmetic: Arithmetic
    ) throws -> [Tensor] {
        try results[0].requireReal()
        let parameters = operands.dropFirst().map { $0.reals(over: results[0].shape) }
        let elements = operands[0].reals.enumerated().map { place, real in
            let own = parameters.map { $0[place] }
            let whole = (real / own[0] + own[1]).rounded(.toNearestOrEven)
            return own.count == 4 ? kept(whole, own) : rescaled(whole, own)
        }
        return [Tensor(results[0].shape, elements)]
    }

    /// Version 1: the bits that are dropped decide the power of two; scale and zero point stay.
    private func kept(_ whole: Float, _ parameters: [Float]) -> Float {
        let power: Float = pow(2, parameters[2] - parameters[3])
        return (rounding.whole(whole / power) - parameters[1]) * parameters[0]
    }

    /// Version 2: the ratio of the scales decides the power of two.
    private func rescaled(_ whole: Float, _ parameters: [Float]) -> Float {
        let exponent = log2(parameters[3] / parameters[0]).rounded(.toNearestOrEven)
        let power: Float = pow(2, exponent)
        let range = WholeRange(bits: parameters[4], isSigned: isSigned, isNarrow: isNarrow)
        return (rounding.whole(range.clamped(whole / power)) - parameters[1] / power) * parameters[3]
    }
}
