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
