import Diagnostics
public import Tensors
public import Workloads

/// Every `strides[i]`-th element along axis `i`, `counts[i]` of them from `starts[i]` on.
public struct StridedSlice: Operator {
    public static let name = "stridedSlice"

    /// The first element taken, for each axis.
    public var starts: [Int]
    /// The elements taken, for each axis; at least 1.
    public var counts: [Int]
    /// The distance of elements taken, for each axis; at least 1.
    public var strides: [Int]

    public init(starts: [Int], counts: [Int], strides: [Int]) {
        self.starts = starts
        self.counts = counts
        self.strides = strides
    }

    public var computeClass: ComputeClass { .dataMovement }

    public func outputShapes(of inputs: [Shape]) throws -> [Shape] {
        guard inputs.count == 1, [starts.count, counts.count, strides.count].allSatisfy({ $0 == inputs[0].rank }),
            inputs[0].extents.indices.allSatisfy({ takesElements(of: $0, extent: inputs[0][$0]) })
        else {
            throw Diagnostic(
                "a slice of \(counts) from \(starts) in steps of \(strides) does not suit \(inputs.map(\.description))")
        }
        return [Shape(counts)]
    }

    private func takesElements(of axis: Int, extent: Int) -> Bool {
        let (start, count, stride) = (starts[axis], counts[axis], strides[axis])
        return (0..<extent).contains(start) && stride >= 1 && count >= 1 && (count - 1) <= (extent - 1 - start) / stride
    }
}

extension StridedSlice {
    public func evaluate(
        _ operands: [Operand], results: [ResultType], arithmetic: Arithmetic
    ) throws -> [Tensor] {
        let output = results[0].shape
        let steps = operands[0].shape.strides
        let order = { (place: Int) -> Int? in
            var (rest, source) = (place, 0)
            for axis in (0..<output.rank).reversed() {
                source += (starts[axis] + rest % output[axis] * strides[axis]) * steps[axis]
                rest /= output[axis]
            }
            return source
        }
        return [try arithmetic.moved(operands[0], to: results[0], order: order)]
    }
}
