import Diagnostics
public import Tensors
public import Workloads

/// Product of two stacks of matrices, `rows x inner` by `inner x columns`; extents in front are broadcast.
public struct MatrixProduct: Operator {
    public static let name = "matrixProduct"

    public init() {}

    public var computeClass: ComputeClass { .fullyConnected }

    public func outputShapes(of inputs: [Shape]) throws -> [Shape] {
        guard inputs.count == 2, inputs[0].rank >= 2, inputs[1].rank >= 2,
            inputs[0][inputs[0].rank - 1] == inputs[1][inputs[1].rank - 2],
            let stack = Shape.broadcast(inputs[0].stack, inputs[1].stack),
            let shape = Shape(
                checking: stack.extents + [inputs[0][inputs[0].rank - 2], inputs[1][inputs[1].rank - 1]])
        else { throw Diagnostic("matrices of \(inputs.map(\.description)) cannot be multiplied") }
        return [shape]
    }

    public func loops(inputs: [Shape], outputs: [Shape]) -> LoopNest {
        var loops = LoopNest()
        let columns = outputs[0][outputs[0].rank - 1]
        loops.batch = outputs[0].elementCount / max(columns, 1)
        loops.outputChannels = columns
        loops.inputChannels = inputs[1][inputs[1].rank - 2]
        return loops
    }
}

extension MatrixProduct {
    public func evaluate(
        _ operands: [Operand], results: [ResultType], arithmetic: Arithmetic
    ) throws -> [Tensor] {
        let (left, right, result) = (operands[0], operands[1], results[0])
        let columns = right.shape[right.shape.rank - 1]
        let axis = right.quantization?.axis
        guard axis == nil || axis == right.shape.rank - 1 else {
            throw Diagnostic("scales of the right matrix along another axis than its columns")
        }
        let integer = try IntegerLayer(
            operands, channels: columns, result: result, activation: .none, arithmetic: arithmetic,
            rule: arithmetic.runtime.fullyConnectedRule(hasBias: false))
        if let integer {
            let sums = elements(left.shape, right.shape, result.shape, integer.sum)
            return [try Tensor.result(integer.elements(of: sums), as: result)]
        }
        let real = try RealLayer(operands, result: result, activation: .none)
        return [Tensor(result.shape, elements(left.shape, right.shape, result.shape, real.element))]
    }

    /// The output elements; products run along the inner axis.
    private func elements<Element>(
        _ left: Shape, _ right: Shape, _ result: Shape,
        _ element: (_ channel: Int, _ products: [(input: Int, weight: Int)]) -> Element
    ) -> [Element] {
        let (rows, inner) = (left[left.rank - 2], left[left.rank - 1])
        let columns = right[right.rank - 1]
        let matrices = BroadcastPlaces(left.stack, right.stack, result: result.stack)
        return matrices.flatMap { first, second in
            (0..<rows * columns).map { place in
                let (row, column) = (place / columns, place % columns)
                let start = (first * rows + row) * inner
                return element(column, (0..<inner).map { (start + $0, (second * inner + $0) * columns + column) })
            }
        }
    }
}

extension Shape {
    /// The extents in front of a matrix.
    fileprivate var stack: Shape { Shape(Array(extents.dropLast(2))) }
}
