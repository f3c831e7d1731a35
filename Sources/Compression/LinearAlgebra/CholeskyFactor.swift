import CLAPACKE
import Diagnostics

/// A symmetric positive definite matrix, factorized for solving.
package struct CholeskyFactor: Sendable {
    private let size: Int
    private let factor: [Double]

    /// - Parameter damping: part of the mean of the diagonal added to it; raised tenfold from below 1 as long as the matrix is
    ///   singular.
    /// - Throws: `Diagnostic` when the matrix is singular even so, or holds a number that is not finite.
    package init(_ matrix: Matrix, damping: Double = 0) throws {
        precondition(matrix.rows == matrix.columns, "a factor of a rectangle")
        size = matrix.rows
        let mean = matrix.meanDiagonal
        var damping = damping
        while true {
            var elements = matrix.elements
            let added = mean > 0 ? mean * damping : damping
            for place in 0..<size { elements[place * size + place] += added }
            openblas_set_num_threads(1)
            let status = LAPACKE_dpotrf(
                LAPACK_ROW_MAJOR, CChar(UInt8(ascii: "L")), Int32(size), &elements, Int32(max(size, 1)))
            if status == 0, elements.allSatisfy(\.isFinite) {
                factor = elements
                return
            }
            guard damping > 0, damping < 1, mean.isFinite else {
                throw Diagnostic("a singular system of \(size) unknowns")
            }
            damping *= 10
        }
    }

    /// The matrix `x` of `self * x = right`.
    package func solve(_ right: Matrix) throws -> Matrix {
        precondition(right.rows == size, "matrices do not fit")
        guard !right.elements.isEmpty else { return right }
        var solution = right.elements
        openblas_set_num_threads(1)
        let status = LAPACKE_dpotrs(
            LAPACK_ROW_MAJOR, CChar(UInt8(ascii: "L")), Int32(size), Int32(right.columns), factor, Int32(size),
            &solution, Int32(right.columns))
        guard status == 0, solution.allSatisfy(\.isFinite) else {
            throw Diagnostic("a singular system of \(size) unknowns")
        }
        return Matrix(rows: size, columns: right.columns, elements: solution)
    }

    /// The lower triangle `L` with `matrix = L * transposed L`.
    package var lower: Matrix { Matrix(rows: size, columns: size) { $0 >= $1 ? factor[$0 * size + $1] : 0 } }

    /// The inverse of the matrix.
    package func inverse() throws -> Matrix {
        try solve(Matrix(rows: size, columns: size) { $0 == $1 ? 1 : 0 })
    }
}
