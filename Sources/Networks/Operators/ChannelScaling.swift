import Diagnostics
public import FixedPoint
public import Tensors
public import Workloads

/// A factor and a term for each channel, the last axis: `float32(x + offset) * factor + term`, each step in float32.
///
/// Reads a tensor, factors and terms. The result is real; or it is an integer, rounded from the same formula by
/// `rounding` and clamped to its format, so that factors and terms count in elements, zero point included.
public struct ChannelScaling: Operator {
    public static let name = "channelScaling"

    /// Added to an integer before it becomes a real.
    public var offset: Int
    /// How an integer result is rounded.
    public var rounding: Rounding

    public init(offset: Int = 0, rounding: Rounding = .halfAwayFromZero) {
        self.offset = offset
        self.rounding = rounding
    }

    public var computeClass: ComputeClass { .elementwise }

    public func outputShapes(of inputs: [Shape]) throws -> [Shape] {
        guard inputs.count == 3, let channels = inputs[0].extents.last,
            inputs[1].elementCount == channels, inputs[2].elementCount == channels
        else { throw Diagnostic("channel scaling takes a tensor with a factor and a term for each channel") }
        guard (-(1 << 31)..<(1 << 31)).contains(offset) else { throw Diagnostic("offset \(offset) is out of range") }
        return [inputs[0]]
    }
}

extension ChannelScaling {
    public func evaluate(
        _ operands: [Operand], results: [ResultType], arithmetic: Arithmetic
    ) throws -> [Tensor] {
        guard case .float32(let factors) = operands[1].tensor.elements,
            case .float32(let terms) = operands[2].tensor.elements
        else { throw Diagnostic.mixedOperands }
        let reals = operands[0].tensor.integers?.map { Float($0 + offset) } ?? operands[0].reals
        let scaled = reals.enumerated().map { place, real in
            let channel = place % factors.count
            let product = real * factors[channel]
            return product + terms[channel]
        }
        let result = results[0]
        guard let format = result.quantization?.format, result.elementType != .float32 else {
            try result.requireReal()
            return [Tensor(result.shape, scaled)]
        }
        let range = format.minimum...format.maximum
        return [try Tensor.result(scaled.map { rounding.round(Double($0), into: range) }, as: result)]
    }
}
