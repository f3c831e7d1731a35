import Tensors

/// The three factors of a filter tensor along its input and output channels.
struct TuckerFactors: Sendable {
    /// `inputRank x 1 x 1 x inputs`.
    let first: Tensor
    /// `outputRank x height x width x inputRank`.
    let core: Tensor
    /// `outputs x 1 x 1 x outputRank`.
    let last: Tensor
    /// The sum of squares of filters minus product.
    let squaredError: Double

    /// - Parameter weights: filters of `outputs x height x width x inputs`.
    /// - Precondition: the ranks are within the full ranks of the two unfoldings.
    init(_ weights: Tensor, inputRank: Int, outputRank: Int, iterations: Int) throws {
        let shape = weights.shape
        let (outputs, window, inputs) = (shape[0], shape[1] * shape[2], shape[3])
        let elements = weights.floats.map(Double.init)
        /// Rows (output, place), columns input.
        let byInput = Matrix(rows: outputs * window, columns: inputs, elements: elements)
        /// Rows output, columns (place, input).
        let byOutput = Matrix(rows: outputs, columns: window * inputs, elements: elements)
        var inputBasis = try byInput.rightBasis(rank: inputRank)
        var outputBasis = try byOutput.leftBasis(rank: outputRank)
        for _ in 0..<iterations {
            let narrowed = outputBasis.times(byOutput, transposingSelf: true)
            inputBasis = try Matrix(rows: outputRank * window, columns: inputs, elements: narrowed.elements)
                .rightBasis(rank: inputRank)
            let shortened = byInput.times(inputBasis)
            outputBasis = try Matrix(rows: outputs, columns: window * inputRank, elements: shortened.elements)
                .leftBasis(rank: outputRank)
        }
        let shortened = byInput.times(inputBasis)
        let core = outputBasis.times(
            Matrix(rows: outputs, columns: window * inputRank, elements: shortened.elements), transposingSelf: true)
        first = Tensor(
            [inputRank, 1, 1, inputs],
            Matrix(rows: inputRank, columns: inputs) { inputBasis[$1, $0] }.elements.map(Float.init))
        self.core = Tensor([outputRank, shape[1], shape[2], inputRank], core.elements.map(Float.init))
        last = Tensor([outputs, 1, 1, outputRank], outputBasis.elements.map(Float.init))
        let norm = elements.reduce(0) { $0 + $1 * $1 }
        squaredError = max(norm - core.elements.reduce(0) { $0 + $1 * $1 }, 0)
    }
}

extension Matrix {
    /// Orthonormal columns that span the leading left singular vectors; completed if the matrix has fewer columns.
    fileprivate func leftBasis(rank: Int) throws -> Matrix {
        let left = try SingularValueDecomposition(self).left
        precondition(rank <= left.columns, "rank above the unfolding's")
        return left.prefix(columns: rank)
    }

    /// Orthonormal columns that span the leading right singular vectors.
    fileprivate func rightBasis(rank: Int) throws -> Matrix {
        let right = try SingularValueDecomposition(self).right
        precondition(rank <= right.rows, "rank above the unfolding's")
        return Matrix(rows: right.columns, columns: rank) { right[$1, $0] }
    }
}
