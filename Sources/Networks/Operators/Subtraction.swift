import Diagnostics
public import Tensors
public import Workloads

/// The first tensor less the second, of the same shape or of extents 1 where they differ.
public struct Subtraction: Operator {
    public static let name = "subtraction"

    public var activation: Activation

    public init(activation: Activation = .none) {
        self.activation = activation
    }

    public var computeClass: ComputeClass { .elementwise }

    public func outputShapes(of inputs: [Shape]) throws -> [Shape] {
        guard inputs.count == 2 else { throw Diagnostic("a subtraction takes two tensors") }
        guard let shape = Shape.broadcast(inputs[0], inputs[1]) else {
            throw Diagnostic("tensors of \(inputs[0]) and \(inputs[1]) cannot be combined element by element")
        }
        return [shape]
    }
}

extension Subtraction {
    public func evaluate(
        _ operands: [Operand], results: [ResultType], arithmetic: Arithmetic
    ) throws -> [Tensor] {
        try results[0].weightedSum(operands, signs: (1, -1), activation: activation, arithmetic: arithmetic)
    }
}
