import Tensors

extension TFLiteTranslation {
    /// SLICE from a constant place with constant extents; -1 means up to the end.
    static let slice = TFLiteTranslation(.slice, dataOperands: 1) { site throws(FlatBufferFault) in
        let shape = try site.input(0).shape
        let (starts, sizes) = (try site.constantIntegers(1), try site.constantIntegers(2))
        guard starts.count == shape.rank, sizes.count == shape.rank,
            (0..<shape.rank).allSatisfy({ (0...shape[$0]).contains(starts[$0]) && sizes[$0] >= -1 })
        else { throw site.fault("a slice of \(sizes.prefix(8)) from \(starts.prefix(8)) does not suit \(shape)") }
        let counts = (0..<shape.rank).map { sizes[$0] == -1 ? shape[$0] - starts[$0] : sizes[$0] }
        return try site.sliced(starts: starts, counts: counts, strides: counts.map { _ in 1 })
    }

    /// STRIDED_SLICE with constant bounds and positive strides; new axes and ellipses are not supported.
    static let stridedSlice = TFLiteTranslation(.stridedSlice, dataOperands: 1) { site throws(FlatBufferFault) in
        let shape = try site.input(0).shape
        let (begins, ends) = (try site.constantIntegers(1), try site.constantIntegers(2))
        let strides = try site.constantIntegers(3)
        guard [begins.count, ends.count, strides.count].allSatisfy({ $0 == shape.rank }),
            strides.allSatisfy({ (1...Shape.maximumElementCount).contains($0) })
        else { throw site.fault("bounds and positive strides for each axis of \(shape) are needed") }
        guard try site.option(2, Int32.self) == 0, try site.option(3, Int32.self) == 0, try !site.flag(5) else {
            throw site.fault("slices with new axes, ellipses or relative ends are not supported")
        }
        let (freeBegins, freeEnds) = (try site.option(0, Int32.self), try site.option(1, Int32.self))
        let single = try site.option(4, Int32.self)
        var (starts, counts) = ([Int](), [Int]())
        for axis in 0..<shape.rank {
            func place(_ number: Int) -> Int { min(max(number < 0 ? number + shape[axis] : number, 0), shape[axis]) }
            let start = freeBegins >> axis & 1 == 1 ? 0 : place(begins[axis])
            let end = freeEnds >> axis & 1 == 1 ? shape[axis] : place(ends[axis])
            starts.append(start)
            counts.append(single >> axis & 1 == 1 ? 1 : max(0, (end - start + strides[axis] - 1) / strides[axis]))
        }
        return try site.sliced(starts: starts, counts: counts, strides: strides)
    }
}

extension TFLiteSite {
    /// The slice, under the shape that the result declares.
    fileprivate func sliced(
        starts: [Int], counts: [Int], strides: [Int]
    ) throws(FlatBufferFault) -> TFLiteTranslation.Result {
        try requireSameGrid([try input(0)])
        let operation = StridedSlice(starts: starts, counts: counts, strides: strides)
        var result = TFLiteTranslation.Result(operation, of: operands(0...0))
        if counts != output.shape.extents { result.chain.append(Reshape(shape: output.shape)) }
        return result
    }
}
