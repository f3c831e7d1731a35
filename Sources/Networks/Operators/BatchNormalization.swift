import Diagnostics
public import Tensors
public import Workloads

/// `(x - mean) / sqrt(variance + epsilon) * scale + shift`, channel by channel along the innermost axis.
///
/// Operands: the tensor, scale, shift, mean, variance.
public struct BatchNormalization: Operator {
    public static let name = "batchNormalization"

    public var epsilon: Float

    public init(epsilon: Float) {
        self.epsilon = epsilon
    }

    public var computeClass: ComputeClass { .elementwise }

    /// Scale and shift; mean and variance are measured.
    public func trainedOperands(of count: Int) -> [Int] { [1, 2].filter { $0 < count } }

    public func outputShapes(of inputs: [Shape]) throws -> [Shape] {
        guard inputs.count == 5, let channels = inputs[0].extents.last,
            inputs.dropFirst().allSatisfy({ $0.elementCount == channels })
        else { throw Diagnostic("batch normalization takes a tensor and four vectors of its channels") }
        return [inputs[0]]
    }
}

extension BatchNormalization {
    public func evaluate(
        _ operands: [Operand], results: [ResultType], arithmetic: Arithmetic
    ) throws -> [Tensor] {
        guard results[0].elementType == .float32, operands.allSatisfy({ $0.tensor.elementType == .float32 }) else {
            throw Diagnostic.hasNoIntegerMeaning(name)
        }
        let vectors = operands.dropFirst().map(\.reals)
        let (scale, shift, mean, variance) = (vectors[0], vectors[1], vectors[2], vectors[3])
        let factors = zip(scale, variance).map { $0 / ($1 + epsilon).squareRoot() }
        let elements = operands[0].reals.enumerated().map { place, real in
            let channel = place % factors.count
            return (real - mean[channel]) * factors[channel] + shift[channel]
        }
        return [Tensor(results[0].shape, elements)]
    }
}
