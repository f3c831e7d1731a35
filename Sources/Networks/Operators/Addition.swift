import Diagnostics
public import Tensors
public import Workloads

/// Sum of two tensors of the same shape, or of a tensor and one whose extents are 1 where they differ.
public struct Addition: Operator {
    public static let name = "addition"

    public var activation: Activation

    public init(activation: Activation = .none) {
        self.activation = activation
    }

    public var computeClass: ComputeClass { .elementwise }

    public func outputShapes(of inputs: [Shape]) throws -> [Shape] {
        guard inputs.count == 2 else { throw Diagnostic("an addition takes two tensors") }
        guard let shape = Shape.broadcast(inputs[0], inputs[1]) else {
            throw Diagnostic("tensors of \(inputs[0]) and \(inputs[1]) cannot be combined element by element")
        }
        return [shape]
    }
}

extension Shape {
    /// The shape that two operands take together: extents are equal or one of them is 1, aligned at the innermost axis.
    public static func broadcast(_ left: Shape, _ right: Shape) -> Shape? {
        let rank = max(left.rank, right.rank)
        var extents: [Int] = []
        for axis in 0..<rank {
            let first = axis - rank + left.rank < 0 ? 1 : left[axis - rank + left.rank]
            let second = axis - rank + right.rank < 0 ? 1 : right[axis - rank + right.rank]
            guard first == second || first == 1 || second == 1 else { return nil }
            extents.append(first == 1 ? second : first)
        }
        return Shape(checking: extents)
    }
}

extension Addition {
    public func evaluate(
        _ operands: [Operand], results: [ResultType], arithmetic: Arithmetic
    ) throws -> [Tensor] {
        try results[0].weightedSum(operands, signs: (1, 1), activation: activation, arithmetic: arithmetic)
    }
}
