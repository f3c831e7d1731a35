import CLAPACKE
import Diagnostics

/// A dense matrix of doubles in row-major order.
package struct Matrix: Sendable, Hashable {
    package let rows: Int
    package let columns: Int
    package var elements: [Double]

    /// - Precondition: as many elements as rows times columns.
    package init(rows: Int, columns: Int, elements: [Double]) {
        precondition(elements.count == rows * columns, "\(elements.count) elements for \(rows)x\(columns)")
        self.rows = rows
        self.columns = columns
        self.elements = elements
    }

    package init(rows: Int, columns: Int, _ element: (_ row: Int, _ column: Int) -> Double) {
        var elements: [Double] = []
        elements.reserveCapacity(rows * columns)
        for row in 0..<rows {
            for column in 0..<columns { elements.append(element(row, column)) }
        }
        self.init(rows: rows, columns: columns, elements: elements)
    }

    package subscript(row: Int, column: Int) -> Double {
        elements[row * columns + column]
    }

    /// The product of this matrix, or its transpose, with another.
    package func times(_ other: Matrix, transposingSelf: Bool = false) -> Matrix {
        let (height, depth) = transposingSelf ? (columns, rows) : (rows, columns)
        precondition(depth == other.rows, "matrices do not fit")
        var product = [Double](repeating: 0, count: height * other.columns)
        guard !product.isEmpty, depth > 0 else {
            return Matrix(rows: height, columns: other.columns, elements: product)
        }
        openblas_set_num_threads(1)
        cblas_dgemm(
            CblasRowMajor, transposingSelf ? CblasTrans : CblasNoTrans, CblasNoTrans, Int32(height),
            Int32(other.columns), Int32(depth), 1, elements, Int32(columns), other.elements, Int32(other.columns), 0,
            &product, Int32(other.columns))
        return Matrix(rows: height, columns: other.columns, elements: product)
    }
}

/// `matrix = left * diagonal(values) * right`, singular values descending, the smaller extent's number of them.
package struct SingularValueDecomposition: Sendable {
    package let left: Matrix
    package let values: [Double]
    package let right: Matrix

    /// One thread computes, so that the result does not depend on the machine's number of cores.
    ///
    /// - Throws: `Diagnostic` when the iteration does not converge.
    package init(_ matrix: Matrix) throws {
        let (rows, columns) = (matrix.rows, matrix.columns)
        let rank = min(rows, columns)
        var elements = matrix.elements
        var values = [Double](repeating: 0, count: rank)
        var left = [Double](repeating: 0, count: rows * rank)
        var right = [Double](repeating: 0, count: rank * columns)
        openblas_set_num_threads(1)
        let status = LAPACKE_dgesdd(
            LAPACK_ROW_MAJOR, CChar(UInt8(ascii: "S")), Int32(rows), Int32(columns), &elements, Int32(columns),
            &values, &left, Int32(rank), &right, Int32(columns))
        guard status == 0 else { throw Diagnostic("the singular value decomposition did not converge") }
        self.left = Matrix(rows: rows, columns: rank, elements: left)
        self.values = values
        self.right = Matrix(rows: rank, columns: columns, elements: right)
    }

    /// Factors of `rank` columns and rows whose product is the nearest matrix of that rank; each takes the roots of
    /// the singular values.
    package func factors(rank: Int) -> (left: Matrix, right: Matrix) {
        let roots = values.map { $0.squareRoot() }
        return (
            Matrix(rows: left.rows, columns: rank) { left[$0, $1] * roots[$1] },
            Matrix(rows: rank, columns: right.columns) { roots[$0] * right[$0, $1] }
        )
    }
}
