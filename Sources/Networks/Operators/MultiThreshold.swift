import Diagnostics
public import Tensors
public import Workloads

/// `scale * n + bias`, where n thresholds of an element's channel are not above the element (MultiThreshold of QONNX).
///
/// Operands: the tensor, and thresholds of `channels x count` or of `1 x count` for all channels; in any order.
public struct MultiThreshold: Operator {
    public static let name = "multiThreshold"

    /// The axis of the tensor that counts channels.
    public var channelAxis: Int
    public var scale: Float
    public var bias: Float

    public init(channelAxis: Int, scale: Float = 1, bias: Float = 0) {
        self.channelAxis = channelAxis
        self.scale = scale
        self.bias = bias
    }

    public var computeClass: ComputeClass { .elementwise }

    public func outputShapes(of inputs: [Shape]) throws -> [Shape] {
        guard inputs.count == 2, inputs[1].rank == 2, (0..<inputs[0].rank).contains(channelAxis),
            inputs[1][0] == 1 || inputs[1][0] == inputs[0][channelAxis]
        else { throw Diagnostic("thresholds of \(inputs.map(\.description)) along axis \(channelAxis) do not suit") }
        return [inputs[0]]
    }
}

extension MultiThreshold {
    /// Product and sum in float32; integers without a scale stand for themselves.
    public func evaluate(
        _ operands: [Operand], results: [ResultType], arithmetic: Arithmetic
    ) throws -> [Tensor] {
        try results[0].requireReal()
        let (shape, rows) = (operands[0].shape, operands[1].shape)
        let thresholds = operands[1].reals
        let inner = shape.extents[(channelAxis + 1)...].reduce(1, *)
        let elements = operands[0].reals.enumerated().map { place, real in
            let row = rows[0] == 1 ? 0 : place / inner % shape[channelAxis]
            let passed = thresholds[row * rows[1]..<(row + 1) * rows[1]].count { real >= $0 }
            return scale * Float(passed) + bias
        }
        return [Tensor(shape, elements)]
    }
}
