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

extension Concatenation {
    public func evaluate(
        _ operands: [Operand], results: [ResultType], arithmetic: Arithmetic
    ) throws -> [Tensor] {
        let result = results[0]
        let parts = try operands.map { operand in
            var type = result
            type.shape = operand.shape
            return try arithmetic.moved(operand, to: type, order: { $0 })
        }
        let inner = result.shape.extents[(axis + 1)...].reduce(1, *)
        let outer = result.shape.extents[..<axis].reduce(1, *)
        let runs = parts.map { $0.shape[axis] * inner }
        func joined<Element>(_ sources: [[Element]]) -> [Element] {
            (0..<outer).flatMap { row in
                sources.indices.flatMap { sources[$0][row * runs[$0]..<(row + 1) * runs[$0]] }
            }
        }
        if result.elementType == .float32 { return [Tensor(result.shape, joined(parts.map(\.floats)))] }
        return [try Tensor.result(joined(parts.map { $0.integers ?? [] }), as: result)]
    }
}
