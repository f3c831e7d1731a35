import Diagnostics

/// A matrix as a train of cores, by singular values one after the other (TT-SVD).
///
/// Rows have the mixed-radix digits `i_1 ... i_d`, columns `j_1 ... j_d`: `W[i, j] = G_1[i_1, j_1] * ... * G_d[i_d, j_d]` with
/// matrices `G_k[i_k, j_k]` of `rank_(k-1) x rank_k`. The squared error is at most the sum of the squares dropped at all bonds.
package struct TensorTrain: Sendable {
    package let rows: [Int]
    package let columns: [Int]
    /// Between the cores, with 1 at either end.
    package private(set) var ranks: [Int] = [1]
    /// `(rank before, row digit, column digit) x rank behind`.
    package private(set) var cores: [Matrix] = []
    /// The sum of the squares dropped at all bonds.
    package private(set) var dropped = 0.0

    /// - Parameters:
    ///   - rows, columns: factors of the matrix's extents, as many of each.
    ///   - rank: the most at a bond, given the full rank of that bond.
    package init(_ matrix: Matrix, rows: [Int], columns: [Int], rank: (_ full: Int) -> Int) throws {
        precondition(rows.count == columns.count && !rows.isEmpty, "a train of unequal factors")
        self.rows = rows
        self.columns = columns
        let fulls = TensorTrain.fullRanks(rows: rows, columns: columns)
        var rest = TensorTrain.interleaved(matrix, rows: rows, columns: columns)
        for core in rows.indices {
            let height = ranks[core] * rows[core] * columns[core]
            let unfolded = Matrix(rows: height, columns: rest.count / height, elements: rest)
            guard core < rows.count - 1 else {
                ranks.append(1)
                cores.append(unfolded)
                continue
            }
            let parts = try SingularValueDecomposition(unfolded)
            let kept = min(rank(fulls[core]), parts.values.count)
            dropped += parts.values[kept...].reduce(0) { $0 + $1 * $1 }
            ranks.append(kept)
            cores.append(parts.left.prefix(columns: kept))
            rest = (0..<kept).flatMap { row in
                (0..<parts.right.columns).map { parts.values[row] * parts.right[row, $0] }
            }
        }
    }

    /// The full rank of every bond.
    package static func fullRanks(rows: [Int], columns: [Int]) -> [Int] {
        let sizes = zip(rows, columns).map { $0 * $1 }
        return (1..<max(sizes.count, 1)).map { bond in
            min(sizes[..<bond].reduce(1, *), sizes[bond...].reduce(1, *))
        }
    }

    /// The elements in the order of the digits `i_1, j_1, i_2, j_2, ...`.
    private static func interleaved(_ matrix: Matrix, rows: [Int], columns: [Int]) -> [Double] {
        (0..<matrix.elements.count).map { place in
            var (rest, row, column, rowStep, columnStep) = (place, 0, 0, 1, 1)
            for core in rows.indices.reversed() {
                column += rest % columns[core] * columnStep
                rest /= columns[core]
                row += rest % rows[core] * rowStep
                rest /= rows[core]
                (rowStep, columnStep) = (rowStep * rows[core], columnStep * columns[core])
            }
            return matrix[row, column]
        }
    }

    /// A core as `(rank before, row digit) x (column digit, rank behind)`.
    package func layer(ofCore core: Int) -> Matrix {
        let (behind, width) = (ranks[core + 1], columns[core])
        return Matrix(rows: ranks[core] * rows[core], columns: width * behind) { row, column in
            cores[core][row * width + column / behind, column % behind]
        }
    }

    /// Factors of an extent, as many as asked for, as equal as its prime factors allow; the largest first.
    package static func factors(of extent: Int, count: Int) -> [Int] {
        var (rest, primes) = (extent, [Int]())
        var divisor = 2
        while divisor * divisor <= rest {
            while rest % divisor == 0 {
                primes.append(divisor)
                rest /= divisor
            }
            divisor += 1
        }
        if rest > 1 { primes.append(rest) }
        var factors = [Int](repeating: 1, count: count)
        for prime in primes.reversed() {
            let least = factors.indices.min { factors[$0] < factors[$1] } ?? 0
            factors[least] *= prime
        }
        return factors.sorted(by: >)
    }
}
