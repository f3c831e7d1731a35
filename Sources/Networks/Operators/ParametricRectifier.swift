import Diagnostics
import FixedPoint
public import Tensors
public import Workloads

/// `x` where it is not negative, `slope * x` elsewhere; the second operand holds the slopes, broadcast to the first.
public struct ParametricRectifier: Operator {
    public static let name = "parametricRectifier"

    public init() {}

    public var computeClass: ComputeClass { .elementwise }

    /// The slopes.
    public func trainedOperands(of count: Int) -> [Int] { count > 1 ? [1] : [] }

    public func outputShapes(of inputs: [Shape]) throws -> [Shape] {
        guard inputs.count == 2, Shape.broadcast(inputs[0], inputs[1]) == inputs[0] else {
            throw Diagnostic("a parametric rectifier takes a tensor and slopes that suit its shape")
        }
        return [inputs[0]]
    }
}

extension ParametricRectifier {
    /// On integers: offsets from zero requantized by the ratio of scales, below zero times the slope's offset.
    public func evaluate(
        _ operands: [Operand], results: [ResultType], arithmetic: Arithmetic
    ) throws -> [Tensor] {
        let (operand, slopes, result) = (operands[0], operands[1], results[0])
        let places = BroadcastPlaces(operand.shape, slopes.shape, result: result.shape)
        guard let input = operand.quantization, let slope = slopes.quantization, let output = result.quantization else {
            try result.requireReal()
            let (a, b) = (operand.reals, slopes.reals)
            return [Tensor(result.shape, places.map { a[$0] >= 0 ? a[$0] : a[$0] * b[$1] })]
        }
        let isSingle = arithmetic.runtime.formsFactorsInSingle
        func requantization(_ real: Double, _ single: Float) -> Requantization {
            Requantization(
                real: isSingle ? Double(single) : real, scale: single, family: arithmetic.runtime.elementwise,
                sumBits: 32)
        }
        let above = requantization(Double(input.scale) / Double(output.scale), input.scale / output.scale)
        let below = requantization(
            Double(input.scale) * Double(slope.scale) / Double(output.scale), input.scale * slope.scale / output.scale)
        let grid = OutputGrid(output)
        let (a, b) = (operand.integers, slopes.integers)
        let elements = places.map { place, other in
            let offset = a[place] - input.zeroPoint
            return grid.element(offset < 0 ? below(offset * (b[other] - slope.zeroPoint)) : above(offset))
        }
        return [try Tensor.result(elements, as: result)]
    }
}
