import Diagnostics
public import Tensors
public import Workloads

/// The same elements in the same order under another shape.
public struct Reshape: Operator {
    public static let name = "reshape"

    public var shape: Shape

    public init(shape: Shape) {
        self.shape = shape
    }

    public var computeClass: ComputeClass { .free }

    public func outputShapes(of inputs: [Shape]) throws -> [Shape] {
        guard let input = inputs.first, input.elementCount == shape.elementCount else {
            throw Diagnostic("\(inputs.first?.description ?? "nothing") cannot become \(shape)")
        }
        return [shape]
    }
}

extension Reshape {
    public func evaluate(
        _ operands: [Operand], results: [ResultType], arithmetic: Arithmetic
    ) throws -> [Tensor] {
        [try arithmetic.moved(operands[0], to: results[0], order: { $0 })]
    }
}
