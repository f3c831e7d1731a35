extension Tensor {
    /// The tensor with its axes in another order: axis `i` of the result is axis `permutation[i]` of this one.
    ///
    /// - Precondition: `permutation` names every axis once.
    public func permuted(_ permutation: [Int]) -> Tensor {
        precondition(permutation.sorted() == Array(0..<shape.rank), "not a permutation: \(permutation)")
        if permutation == Array(0..<shape.rank) { return self }
        let result = Shape(permutation.map { shape[$0] })
        let places = sourcePlaces(permutation, result: result)
        func gather<T>(_ values: [T]) -> [T] { places.map { values[$0] } }
        let moved: Elements =
            switch elements {
            case .float32(let values): .float32(gather(values))
            case .int8(let values): .int8(gather(values))
            case .uint8(let values): .uint8(gather(values))
            case .int16(let values): .int16(gather(values))
            case .int32(let values): .int32(gather(values))
            case .int64(let values): .int64(gather(values))
            }
        return Tensor(shape: result, elements: moved)
    }

    /// For each element of the result, in order, its place in this tensor.
    private func sourcePlaces(_ permutation: [Int], result: Shape) -> [Int] {
        var strides = Array(repeating: 1, count: shape.rank)
        for axis in strides.indices.dropLast().reversed() { strides[axis] = strides[axis + 1] * shape[axis + 1] }
        var places = result.elementCount == 0 ? [] : [0]
        for axis in 0..<result.rank {
            let stride = strides[permutation[axis]]
            places = places.flatMap { place in (0..<result[axis]).map { place + $0 * stride } }
        }
        return places
    }
}
