extension Matrix {
    /// Zeros.
    package init(rows: Int, columns: Int) {
        self.init(rows: rows, columns: columns, elements: [Double](repeating: 0, count: rows * columns))
    }

    /// The rows of all the matrices, at least one, which have as many columns each.
    init(stacking matrices: [Matrix]) {
        self.init(
            rows: matrices.reduce(0) { $0 + $1.rows }, columns: matrices[0].columns,
            elements: matrices.flatMap(\.elements))
    }

    /// The elements of a row.
    func row(_ row: Int) -> [Double] { Array(elements[row * columns..<(row + 1) * columns]) }

    /// The rows at `places`, in that order.
    package func rows(_ places: [Int]) -> Matrix {
        var chosen: [Double] = []
        chosen.reserveCapacity(places.count * columns)
        for place in places { chosen += elements[place * columns..<(place + 1) * columns] }
        return Matrix(rows: places.count, columns: columns, elements: chosen)
    }

    /// Puts the rows of another matrix at `places`.
    package mutating func setRows(_ places: [Int], _ other: Matrix) {
        precondition(other.rows == places.count && other.columns == columns, "matrices do not fit")
        for (row, place) in places.enumerated() {
            elements.replaceSubrange(
                place * columns..<(place + 1) * columns, with: other.elements[row * columns..<(row + 1) * columns])
        }
    }

    /// Some neighbouring columns.
    func columns(_ range: Range<Int>) -> Matrix {
        Matrix(rows: rows, columns: range.count) { self[$0, range.lowerBound + $1] }
    }

    /// The first columns.
    package func prefix(columns count: Int) -> Matrix { columns(0..<count) }
}

extension Matrix {
    /// The sum of the diagonal.
    var trace: Double { (0..<rows).reduce(0) { $0 + self[$1, $1] } }

    /// The mean of the diagonal; 0 for no rows.
    var meanDiagonal: Double { trace / Double(max(rows, 1)) }

    /// Adds a number to each element of the diagonal.
    mutating func addToDiagonal(_ number: Double) {
        for place in 0..<rows { elements[place * (columns + 1)] += number }
    }
}
