import CLAPACKE

extension Matrix {
    package var transposed: Matrix {
        Matrix(rows: columns, columns: rows) { self[$1, $0] }
    }

    /// The sum of squares of all elements.
    package var squaredNorm: Double { elements.reduce(0) { $0 + $1 * $1 } }

    /// Element by element.
    func plus(_ other: Matrix) -> Matrix {
        precondition(rows == other.rows && columns == other.columns, "matrices do not fit")
        return Matrix(rows: rows, columns: columns, elements: zip(elements, other.elements).map { $0 + $1 })
    }

    /// Element by element.
    package func minus(_ other: Matrix) -> Matrix {
        precondition(rows == other.rows && columns == other.columns, "matrices do not fit")
        return Matrix(rows: rows, columns: columns, elements: zip(elements, other.elements).map { $0 - $1 })
    }

    /// Each row times a factor of its own.
    package func scalingRows(by factors: [Double]) -> Matrix {
        Matrix(rows: rows, columns: columns) { factors[$0] * self[$0, $1] }
    }

    /// Adds `transposed(other) * other` to this symmetric matrix.
    package mutating func addGram(of other: Matrix) {
        addProduct(transposed: other, other)
    }

    /// Adds `transposed(left) * right`.
    package mutating func addProduct(transposed left: Matrix, _ right: Matrix) {
        precondition(left.rows == right.rows && rows == left.columns && columns == right.columns, "matrices do not fit")
        guard !elements.isEmpty, left.rows > 0 else { return }
        openblas_set_num_threads(1)
        cblas_dgemm(
            CblasRowMajor, CblasTrans, CblasNoTrans, Int32(rows), Int32(columns), Int32(left.rows), 1, left.elements,
            Int32(left.columns), right.elements, Int32(right.columns), 1, &elements, Int32(columns))
    }

    /// Takes `left * right` off.
    package mutating func subtractProduct(_ left: Matrix, _ right: Matrix) {
        precondition(left.columns == right.rows && rows == left.rows && columns == right.columns, "matrices do not fit")
        guard !elements.isEmpty, left.columns > 0 else { return }
        openblas_set_num_threads(1)
        cblas_dgemm(
            CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(rows), Int32(columns), Int32(left.columns), -1,
            left.elements, Int32(left.columns), right.elements, Int32(right.columns), 1, &elements, Int32(columns))
    }

    /// Adds `factor * column * row`.
    package mutating func addOuter(_ column: [Double], _ row: [Double], factor: Double) {
        precondition(column.count == rows && row.count == columns, "vectors do not fit")
        for place in column.indices {
            let scaled = factor * column[place]
            for index in row.indices { elements[place * columns + index] += scaled * row[index] }
        }
    }

    /// Adds each column's sum.
    package func addColumnSums(to sums: inout [Double]) {
        for row in 0..<rows {
            for column in 0..<columns { sums[column] += elements[row * columns + column] }
        }
    }
}
