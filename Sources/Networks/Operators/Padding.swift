import Diagnostics
public import Tensors
public import Workloads

/// Elements of real value `value` around a tensor.
public struct Padding: Operator {
    public static let name = "padding"

    /// Elements added in front, for each axis.
    public var before: [Int]
    /// Elements added behind, for each axis.
    public var after: [Int]
    public var value: Float

    public init(before: [Int], after: [Int], value: Float = 0) {
        self.before = before
        self.after = after
        self.value = value
    }

    public var computeClass: ComputeClass { .dataMovement }

    public func outputShapes(of inputs: [Shape]) throws -> [Shape] {
        guard inputs.count == 1, before.count == inputs[0].rank, after.count == before.count,
            (before + after).allSatisfy({ (0...Shape.maximumElementCount).contains($0) })
        else { throw Diagnostic("padding of \(before) and \(after) around \(inputs.map(\.description))") }
        let extents = inputs[0].extents.enumerated().map { $1 + before[$0] + after[$0] }
        guard let shape = Shape(checking: extents) else { throw Diagnostic("the result has too many elements") }
        return [shape]
    }
}

extension Padding {
    public func evaluate(
        _ operands: [Operand], results: [ResultType], arithmetic: Arithmetic
    ) throws -> [Tensor] {
        let (input, output) = (operands[0].shape, results[0].shape)
        let steps = input.strides
        let order = { (place: Int) -> Int? in
            var (rest, source) = (place, 0)
            for axis in (0..<output.rank).reversed() {
                let index = rest % output[axis] - before[axis]
                guard (0..<input[axis]).contains(index) else { return nil }
                source += index * steps[axis]
                rest /= output[axis]
            }
            return source
        }
        return [try arithmetic.moved(operands[0], to: results[0], order: order, fill: value)]
    }
}
