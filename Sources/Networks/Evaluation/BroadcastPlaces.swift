import Tensors

/// For each element of a result, the elements of two operands that belong to it.
struct BroadcastPlaces: Sequence {
    private let count: Int
    private let extents: [Int]
    private let steps: [(Int, Int)]
    private let isPlain: Bool

    init(_ left: Shape, _ right: Shape, result: Shape) {
        count = result.elementCount
        extents = result.extents
        isPlain = left == result && right == result
        func steps(_ shape: Shape) -> [Int] {
            let strides = shape.strides
            return (0..<result.rank).map { axis in
                let own = axis - result.rank + shape.rank
                return own < 0 || shape[own] == 1 ? 0 : strides[own]
            }
        }
        self.steps = Array(zip(steps(left), steps(right)))
    }

    func makeIterator() -> AnyIterator<(Int, Int)> {
        var place = 0
        return AnyIterator {
            guard place < count else { return nil }
            defer { place += 1 }
            if isPlain { return (place, place) }
            var (rest, left, right) = (place, 0, 0)
            for axis in extents.indices.reversed() {
                let index = rest % extents[axis]
                rest /= extents[axis]
                left += index * steps[axis].0
                right += index * steps[axis].1
            }
            return (left, right)
        }
    }
}
