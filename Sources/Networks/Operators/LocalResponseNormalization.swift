import Diagnostics
import Foundation
public import Tensors
public import Workloads

/// `x / (bias + alpha / size * sum of squares) ^ beta`, the sum over `size` neighbouring channels of the innermost axis.
///
/// The neighbours are `(size - 1) / 2` channels in front and `size / 2` behind, as far as there are any (Krizhevsky,
/// Sutskever, Hinton 2012, with alpha for the mean of the squares as in Caffe and ONNX).
public struct LocalResponseNormalization: Operator {
    public static let name = "localResponseNormalization"

    public var size: Int
    public var alpha: Float
    public var beta: Float
    public var bias: Float

    public init(size: Int, alpha: Float, beta: Float, bias: Float) {
        self.size = size
        self.alpha = alpha
        self.beta = beta
        self.bias = bias
    }

    public var computeClass: ComputeClass { .transcendental }

    public func outputShapes(of inputs: [Shape]) throws -> [Shape] {
        guard inputs.count == 1, inputs[0].rank >= 1 else {
            throw Diagnostic("local response normalization takes one tensor with an axis")
        }
        guard (1...(1 << 20)).contains(size), [alpha, beta, bias].allSatisfy(\.isFinite) else {
            throw Diagnostic("local response normalization over \(size) channels with unusable constants")
        }
        return inputs
    }
}

extension LocalResponseNormalization {
    /// On reals only: squares and sums in double precision, channels ascending, results rounded to float32.
    public func evaluate(
        _ operands: [Operand], results: [ResultType], arithmetic: Arithmetic
    ) throws -> [Tensor] {
        guard results[0].elementType == .float32, operands[0].tensor.elementType == .float32 else {
            throw Diagnostic.hasNoIntegerMeaning(name)
        }
        let reals = operands[0].reals
        let depth = max(1, operands[0].shape[operands[0].shape.rank - 1])
        let elements = reals.indices.map { place in
            let (row, channel) = (place - place % depth, place % depth)
            let neighbours = max(0, channel - (size - 1) / 2)...min(depth - 1, channel + size / 2)
            let squares = neighbours.reduce(0.0) { $0 + Double(reals[row + $1]) * Double(reals[row + $1]) }
            let base = Double(bias) + Double(alpha) / Double(size) * squares
            return Float(Double(reals[place]) / pow(base, Double(beta)))
        }
        return [Tensor(results[0].shape, elements)]
    }
}
