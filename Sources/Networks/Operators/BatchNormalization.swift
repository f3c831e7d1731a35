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

    public func outputShapes(of inputs: [Shape]) throws -> [Shape] {
        guard inputs.count == 5, let channels = inputs[0].extents.last,
            inputs.dropFirst().allSatisfy({ $0.elementCount == channels })
        else { throw Diagnostic("batch normalization takes a tensor and four vectors of its channels") }
        return [inputs[0]]
    }
}
