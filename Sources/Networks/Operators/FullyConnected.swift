import Diagnostics
public import Tensors
public import Workloads

/// Product of each row of the flattened input with weights of `outputs x inputs`; bias optional.
public struct FullyConnected: Operator {
    public static let name = "fullyConnected"

    public var activation: Activation

    public init(activation: Activation = .none) {
        self.activation = activation
    }

    public var computeClass: ComputeClass { .fullyConnected }
    public var weightOperand: Int? { 1 }

    public func outputShapes(of inputs: [Shape]) throws -> [Shape] {
        guard (2...3).contains(inputs.count), inputs[1].rank == 2 else {
            throw Diagnostic("a fully connected layer takes a tensor, weights of rank 2 and a bias")
        }
        let weights = inputs[1]
        guard weights[1] > 0, inputs[0].elementCount % weights[1] == 0 else {
            throw Diagnostic("weights of \(weights) do not suit an input of \(inputs[0])")
        }
        if inputs.count == 3, inputs[2].elementCount != weights[0] {
            throw Diagnostic("a bias of \(inputs[2]) for \(weights[0]) outputs")
        }
        guard let shape = Shape(checking: [inputs[0].elementCount / weights[1], weights[0]]) else {
            throw Diagnostic("the result has too many elements")
        }
        return [shape]
    }

    public func loops(inputs: [Shape], outputs: [Shape]) -> LoopNest {
        var loops = LoopNest()
        loops.batch = outputs[0][0]
        loops.outputChannels = inputs[1][0]
        loops.inputChannels = inputs[1][1]
        return loops
    }
}

extension FullyConnected {
    public func evaluate(
        _ operands: [Operand], results: [ResultType], arithmetic: Arithmetic
    ) throws -> [Tensor] {
        let (weights, result) = (operands[1].shape, results[0])
        let rows = operands[0].shape.elementCount / weights[1]
        let integer = try IntegerLayer(
            operands, channels: weights[0], result: result, activation: activation, arithmetic: arithmetic,
            rule: arithmetic.runtime.fullyConnectedRule(hasBias: operands.count > 2))
        if let integer {
            let sums = elements(rows: rows, weights: weights, integer.sum)
            return [try Tensor.result(integer.elements(of: sums), as: result)]
        }
        let real = try RealLayer(operands, result: result, activation: activation)
        let rule = rows == 1 ? arithmetic.runtime.realRow : .inOrder
        let elements = elements(rows: rows, weights: weights) { real.element(channel: $0, products: $1, rule: rule) }
        return [Tensor(result.shape, elements)]
    }

    /// The output elements; products run along the row.
    private func elements<Element>(
        rows: Int, weights: Shape, _ element: (_ channel: Int, _ products: [(input: Int, weight: Int)]) -> Element
    ) -> [Element] {
        let depth = weights[1]
        return (0..<rows).flatMap { row in
            (0..<weights[0]).map { channel in
                element(channel, (0..<depth).map { (row * depth + $0, channel * depth + $0) })
            }
        }
    }
}
