import Diagnostics
public import Tensors
public import Workloads

/// Tensors one behind the other along an axis.
public struct Concatenation: Operator {
    public static let name = "concatenation"

    public var axis: Int

    public init(axis: Int) {
        self.axis = axis
    }

    public var computeClass: ComputeClass { .dataMovement }

    public func outputShapes(of inputs: [Shape]) throws -> [Shape] {
        guard let first = inputs.first, (0..<first.rank).contains(axis) else {
            throw Diagnostic("a concatenation takes tensors with the axis \(axis)")
        }
        var extents = first.extents
        for shape in inputs.dropFirst() {
            guard shape.rank == first.rank, (0..<first.rank).allSatisfy({ $0 == axis || shape[$0] == first[$0] }) else {
                throw Diagnostic("\(shape) cannot stand behind \(first) along axis \(axis)")
            }
            extents[axis] += shape[axis]
        }
        guard let shape = Shape(checking: extents) else { throw Diagnostic("the result has too many elements") }
        return [shape]
    }
}
