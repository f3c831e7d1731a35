import Tensors

extension TFLiteTranslation {
    /// SPLIT into equal parts along a constant axis, which is the first operand.
    static let split = TFLiteTranslation(.split, skippedOperands: 1) { site throws(FlatBufferFault) in
        let shape = try site.input(1).shape
        let axis = try site.axis(operand: 0, rank: shape.rank)
        let count = site.step.outputs.count
        guard shape[axis] % count == 0 else { throw site.fault("\(shape) has no \(count) equal parts along \(axis)") }
        return try site.parts(of: 1, axis: axis, sizes: Array(repeating: shape[axis] / count, count: count))
    }

    /// SPLIT_V into parts of constant sizes along a constant axis; one size may be -1, the rest.
    static let splitV = TFLiteTranslation(.splitV, dataOperands: 1) { site throws(FlatBufferFault) in
        let shape = try site.input(0).shape
        let axis = try site.axis(operand: 2, rank: shape.rank)
        let sizes = try site.constantIntegers(1)
        guard sizes.count == site.step.outputs.count, sizes.allSatisfy({ (-1...shape[axis]).contains($0) }) else {
            throw site.fault("parts of \(sizes.prefix(8)) along \(axis) do not suit \(shape)")
        }
        let rest = shape[axis] - sizes.reduce(0) { $0 + max($1, 0) }
        guard sizes.count(where: { $0 == -1 }) <= 1, rest >= 0 else {
            throw site.fault("parts of \(sizes.prefix(8)) along \(axis) do not suit \(shape)")
        }
        return try site.parts(of: 0, axis: axis, sizes: sizes.map { $0 == -1 ? rest : $0 })
    }

    /// PACK: tensors of one shape behind one another along a new axis.
    static let pack = TFLiteTranslation(.pack) { site throws(FlatBufferFault) in
        var tensors: [TFLiteTensor] = []
        for position in site.step.inputs.indices { tensors.append(try site.input(position)) }
        guard let shape = tensors.first?.shape, shape.rank > 0, tensors.allSatisfy({ $0.shape == shape }) else {
            throw site.fault("only tensors of one shape with an axis can be packed")
        }
        try site.requireSameGrid(tensors)
        let axis = try site.axes([try site.option(1, Int32.self)], rank: shape.rank + 1)[0]
        // In memory, packing along an axis is concatenation along the axis of that number.
        var result = Result(Concatenation(axis: min(axis, shape.rank - 1)), of: tensors.map(\.index))
        if axis == shape.rank {
            guard let rows = Shape(checking: [tensors.count] + shape.extents) else {
                throw site.fault("the result has too many elements")
            }
            result.chain = [Concatenation(axis: 0), Reshape(shape: rows)]
            result.chain.append(Transpose(permutation: Array(1...shape.rank) + [0]))
        } else {
            result.chain.append(Reshape(shape: site.output.shape))
        }
        return result
    }

    /// UNPACK: the slices along an axis, without that axis.
    static let unpack = TFLiteTranslation(.unpack) { site throws(FlatBufferFault) in
        let shape = try site.input(0).shape
        let axis = try site.axes([try site.option(1, Int32.self)], rank: shape.rank)[0]
        guard shape[axis] == site.step.outputs.count else {
            throw site.fault("\(site.step.outputs.count) results of \(shape) along \(axis)")
        }
        return try site.parts(of: 0, axis: axis, sizes: Array(repeating: 1, count: shape[axis]))
    }
}

extension TFLiteSite {
    /// The single axis that a constant operand names.
    fileprivate func axis(operand position: Int, rank: Int) throws(FlatBufferFault) -> Int {
        let numbers = try constantIntegers(position)
        guard numbers.count == 1 else {
            throw fault("operand \(position) names \(numbers.count) axes where one is needed")
        }
        return try axes(numbers, rank: rank)[0]
    }

    /// Slices that follow one another along `axis`, each under the shape that its result declares.
    fileprivate func parts(of position: Int, axis: Int, sizes: [Int]) throws(FlatBufferFault)
        -> TFLiteTranslation.Result
    {
        let tensor = try input(position)
        var (results, start) = ([TFLiteTranslation.Result](), 0)
        for (place, size) in sizes.enumerated() {
            let part = model.tensors[step.outputs[place]]
            try requireSameGrid([tensor], result: part)
            var starts = Array(repeating: 0, count: tensor.shape.rank)
            var counts = tensor.shape.extents
            (starts[axis], counts[axis]) = (start, size)
            start += size
            let slice = StridedSlice(starts: starts, counts: counts, strides: counts.map { _ in 1 })
            var result = TFLiteTranslation.Result(slice, of: [tensor.index])
            if counts != part.shape.extents { result.chain.append(Reshape(shape: part.shape)) }
            results.append(result)
        }
        guard var first = results.first else { throw fault("it writes nothing") }
        first.further = Array(results.dropFirst())
        return first
    }
}
