/// A kernel as a sum over groups of its columns, each group with a kernel of `rank` maps of its own and a mix of them:
/// `weights = sum over g of kernels[g] * mixes[g]`, the rows of group `g` at `blocks[g]`.
///
/// Groups take turns; each is the exact solution for what the others leave (reduced-rank regression: with `G = R'R` the Gram
/// matrix of the group, the truncated singular value decomposition of `R * least squares`). After each round all mixes are
/// fitted together. No step raises the error, and a kernel that has the form already stays as it is.
package struct GroupedFactors: Sendable {
    /// `block x rank` each.
    package private(set) var kernels: [Matrix]
    /// `rank x outputs` each.
    package private(set) var mixes: [Matrix]
    /// The sum, `columns x outputs`.
    package private(set) var weights: Matrix
    private let blocks: [[Int]]
    private let rank: Int

    /// All mixes, `outputs x (group, rank)`.
    package var mix: Matrix { Matrix(stacking: mixes).transposed }

    /// - Parameters:
    ///   - start: the kernel to begin with, `columns x outputs`; each group takes the nearest of its rank.
    ///   - rank: at most the smaller of a block's columns and the outputs.
    package init(
        _ moments: ResponseMoments, blocks: [[Int]], rank: Int, start: Matrix, iterations: Int
    ) throws {
        (self.blocks, self.rank) = (blocks, rank)
        weights = Matrix(rows: start.rows, columns: start.columns)
        (kernels, mixes) = ([], [])
        let metrics = try blocks.map { try BlockMetric(moments.gram, block: $0) }
        for (block, metric) in zip(blocks, metrics) {
            let (kernel, mix) = try metric.nearest(root: metric.root(times: start.rows(block)), rank: rank)
            kernels.append(kernel)
            mixes.append(mix)
            weights.setRows(block, kernel.times(mix))
        }
        guard iterations > 0 else { return }
        try fitMixes(moments)
        for _ in 0..<iterations {
            for group in blocks.indices { try fit(group, metrics[group], moments) }
            try fitMixes(moments)
        }
    }

    /// The best kernel and mix of one group while the others stay.
    private mutating func fit(_ group: Int, _ metric: BlockMetric, _ moments: ResponseMoments) throws {
        let block = blocks[group]
        let own = metric.gram.times(weights.rows(block))
        let all = metric.rows.times(weights)
        let target = Matrix(rows: block.count, columns: weights.columns) {
            moments.cross[block[$0], $1] - all[$0, $1] + own[$0, $1]
        }
        let (kernel, mix) = try metric.nearest(root: metric.inverseRoot(times: target), rank: rank)
        (kernels[group], mixes[group]) = (kernel, mix)
        weights.setRows(block, kernel.times(mix))
    }

    /// All mixes together, unless the system is so near to singular that this raises the error.
    private mutating func fitMixes(_ moments: ResponseMoments) throws {
        var spread = Matrix(rows: weights.rows, columns: blocks.count * rank)
        for (group, block) in blocks.enumerated() {
            for (row, column) in block.enumerated() {
                for map in 0..<rank {
                    spread.elements[column * spread.columns + group * rank + map] = kernels[group][row, map]
                }
            }
        }
        let maps = moments.transformed(by: spread)
        let mix = try CholeskyFactor(maps.gram, damping: 1e-10).solve(maps.cross)
        let fitted = spread.times(mix)
        guard moments.relativeError(of: fitted) <= moments.relativeError(of: weights) else { return }
        weights = fitted
        for group in blocks.indices { mixes[group] = mix.rows(Array(group * rank..<(group + 1) * rank)) }
    }
}

/// The Gram matrix of one block of columns, its rows in the whole, and its root.
private struct BlockMetric {
    let gram: Matrix
    /// The block's rows of the whole Gram matrix.
    let rows: Matrix
    private let vectors: Matrix
    private let roots: [Double]
    private let inverseRoots: [Double]

    init(_ whole: Matrix, block: [Int]) throws {
        rows = whole.rows(block)
        gram = Matrix(rows: block.count, columns: block.count) { whole[block[$0], block[$1]] }
        let eigen = try SymmetricEigenvectors(gram)
        (vectors, roots, inverseRoots) = (eigen.vectors, eigen.roots, eigen.inverseRoots)
    }

    func root(times matrix: Matrix) -> Matrix {
        vectors.times(matrix, transposingSelf: true).scalingRows(by: roots)
    }

    func inverseRoot(times matrix: Matrix) -> Matrix {
        vectors.times(matrix, transposingSelf: true).scalingRows(by: inverseRoots)
    }

    /// Kernel and mix of the nearest matrix of `rank` whose root is near `root`.
    func nearest(root: Matrix, rank: Int) throws -> (kernel: Matrix, mix: Matrix) {
        let (left, right) = try SingularValueDecomposition(root).factors(rank: rank)
        return (vectors.times(left.scalingRows(by: inverseRoots)), right)
    }
}
