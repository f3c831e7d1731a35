import Diagnostics
public import Tensors
public import Workloads

/// The axes in another order: axis `i` of the result is axis `permutation[i]` of the input.
public struct Transpose: Operator {
    public static let name = "transpose"

    public var permutation: [Int]

    public init(permutation: [Int]) {
        self.permutation = permutation
    }

    public var computeClass: ComputeClass { .dataMovement }

    public func outputShapes(of inputs: [Shape]) throws -> [Shape] {
        guard inputs.count == 1, permutation.sorted() == Array(0..<inputs[0].rank) else {
            throw Diagnostic("permutation \(permutation) does not suit \(inputs.map(\.description))")
        }
        return [Shape(permutation.map { inputs[0][$0] })]
    }
}

extension Transpose {
    public func evaluate(
        _ operands: [Operand], results: [ResultType], arithmetic: Arithmetic
    ) throws -> [Tensor] {
        let (input, output) = (operands[0].shape, results[0].shape)
        let steps = input.strides
        let order = { (place: Int) -> Int? in
            var (rest, source) = (place, 0)
            for axis in (0..<output.rank).reversed() {
                source += rest % output[axis] * steps[permutation[axis]]
                rest /= output[axis]
            }
            return source
        }
        return [try arithmetic.moved(operands[0], to: results[0], order: order)]
    }
}

extension Transpose {
    /// Whether only axes of extent 1 change places, so that elements stay in order.
    func keepsElementOrder(of shape: Shape) -> Bool {
        let moving = permutation.filter { shape[$0] != 1 }
        return moving == moving.sorted()
    }
}
