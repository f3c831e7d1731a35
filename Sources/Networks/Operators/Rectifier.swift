import Diagnostics
public import Tensors
public import Workloads

/// A clamp that stands as a node of its own.
public struct Rectifier: Operator {
    public static let name = "rectifier"

    public var activation: Activation

    public init(activation: Activation) {
        self.activation = activation
    }

    public var computeClass: ComputeClass { .elementwise }

    public func outputShapes(of inputs: [Shape]) throws -> [Shape] {
        guard inputs.count == 1 else { throw Diagnostic("a rectifier takes one tensor") }
        return inputs
    }
}
