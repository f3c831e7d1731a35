import Diagnostics
import Foundation
public import Tensors
public import Workloads

/// `x` less the logarithm of the sum of `exp` over its row; rows run along the innermost axis.
public struct LogSoftmax: Operator {
    public static let name = "logSoftmax"

    public init() {}

    public var computeClass: ComputeClass { .transcendental }

    public func outputShapes(of inputs: [Shape]) throws -> [Shape] {
        guard inputs.count == 1, inputs[0].rank >= 1 else {
            throw Diagnostic("logarithmic softmax takes one tensor with an axis")
        }
        return inputs
    }
}

extension LogSoftmax {
    /// On reals only: exponentials and sums in double precision, in order, results rounded to float32.
    public func evaluate(
        _ operands: [Operand], results: [ResultType], arithmetic: Arithmetic
    ) throws -> [Tensor] {
        guard results[0].elementType == .float32, operands[0].tensor.elementType == .float32 else {
            throw Diagnostic.hasNoIntegerMeaning(name)
        }
        var elements = operands[0].reals
        let depth = max(1, operands[0].shape[operands[0].shape.rank - 1])
        for start in stride(from: 0, to: elements.count, by: depth) {
            let row = elements[start..<start + depth].map(Double.init)
            let largest = row.max() ?? 0
            let logarithm = log(row.reduce(0) { $0 + exp($1 - largest) })
            for place in 0..<depth { elements[start + place] = Float(row[place] - largest - logarithm) }
        }
        return [Tensor(results[0].shape, elements)]
    }
}
