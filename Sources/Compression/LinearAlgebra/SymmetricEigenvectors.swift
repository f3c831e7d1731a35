import CLAPACKE
import Diagnostics

/// `matrix = vectors * diagonal(values) * transposed vectors`, eigenvalues descending.
package struct SymmetricEigenvectors: Sendable {
    package let values: [Double]
    /// One eigenvector a column.
    package let vectors: Matrix

    /// - Throws: `Diagnostic` when the iteration does not converge.
    package init(_ matrix: Matrix) throws {
        precondition(matrix.rows == matrix.columns, "eigenvectors of a rectangle")
        let size = matrix.rows
        var elements = matrix.elements
        var ascending = [Double](repeating: 0, count: size)
        openblas_set_num_threads(1)
        let status = LAPACKE_dsyevd(
            LAPACK_ROW_MAJOR, CChar(UInt8(ascii: "V")), CChar(UInt8(ascii: "L")), Int32(size), &elements,
            Int32(max(size, 1)), &ascending)
        guard status == 0 else { throw Diagnostic("the eigenvalue iteration did not converge") }
        values = ascending.reversed()
        vectors = Matrix(rows: size, columns: size) { elements[$0 * size + size - 1 - $1] }
    }

    /// The roots of the eigenvalues; 0 for one that is not above a ten-billionth of the largest.
    var roots: [Double] {
        let least = max(values.first ?? 0, 0) * 1e-10
        return values.map { $0 > least ? $0.squareRoot() : 0 }
    }

    /// One over each root; 0 for a root of 0.
    var inverseRoots: [Double] { roots.map { $0 > 0 ? 1 / $0 : 0 } }
}
