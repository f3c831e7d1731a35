import Diagnostics
public import Tensors
public import Workloads

/// `exp(beta * x)` over the sum of its row; rows run along the innermost axis.
public struct Softmax: Operator {
    public static let name = "softmax"

    public var beta: Float

    public init(beta: Float = 1) {
        self.beta = beta
    }

    public var computeClass: ComputeClass { .transcendental }

    public func outputShapes(of inputs: [Shape]) throws -> [Shape] {
        guard inputs.count == 1, inputs[0].rank >= 1 else { throw Diagnostic("softmax takes one tensor with an axis") }
        return inputs
    }
}
