package import Tensors

/// The three factors of a filter tensor along its input and output channels.
package struct TuckerFactors: Sendable {
    /// `inputRank x 1 x 1 x inputs`.
    let first: Tensor
    /// `outputRank x height x width x inputRank`.
    let core: Tensor
    /// `outputs x 1 x 1 x outputRank`.
    let last: Tensor
    /// The sum of squares of filters minus product.
    package let squaredError: Double

    /// - Parameter weights: filters of `outputs x height x width x inputs`.
    /// - Precondition: the ranks are within the full ranks of the two unfoldings.
    package init(_ weights: Tensor, inputRank: Int, outputRank: Int, iterations: Int) throws {
        let shape = weights.shape
        let (outputs, window, inputs) = (shape[0], shape[1] * shape[2], shape[3])
        let (byInput, byOutput) = TuckerFactors.unfoldings(of: weights)
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
        squaredError = max(byOutput.squaredNorm - core.squaredNorm, 0)
    }

    /// The filters with rows (output, place) and columns input, and with rows output and columns (place, input).
    static func unfoldings(of weights: Tensor) -> (byInput: Matrix, byOutput: Matrix) {
        let shape = weights.shape
        let elements = weights.floats.map(Double.init)
        return (
            Matrix(rows: shape[0] * shape[1] * shape[2], columns: shape[3], elements: elements),
            Matrix(rows: shape[0], columns: shape[1] * shape[2] * shape[3], elements: elements)
        )
    }

    /// The filters that all factors make together, `outputs x columns`.
    var product: Matrix {
        Matrix(rows: last.shape[0], columns: last.shape[3], elements: last.floats.map(Double.init)).times(features)
    }

    /// The filters that the first two factors make together, `outputRank x columns`.
    var features: Matrix {
        let (window, inputs) = (core.shape[1] * core.shape[2], first.shape[3])
        let rows = Matrix(
            rows: core.shape[0] * window, columns: core.shape[3], elements: core.floats.map(Double.init))
        let basis = Matrix(rows: first.shape[0], columns: inputs, elements: first.floats.map(Double.init))
        return Matrix(rows: core.shape[0], columns: window * inputs, elements: rows.times(basis).elements)
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
