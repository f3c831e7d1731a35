import Tensors

/// Rows of a matrix in clusters around centres, by Lloyd's iteration.
package struct VectorClusters: Sendable {
    /// A centre a row.
    package private(set) var centres: Matrix
    /// The centre of each row of the matrix.
    package private(set) var assignments: [Int]
    /// The sum of squared distances from the centres.
    package private(set) var squaredError: Double

    /// Starts are drawn in proportion to the squared distance from those before (Arthur, Vassilvitskii 2007).
    ///
    /// - Precondition: `count` is at least 1 and at most the rows.
    package init(_ points: Matrix, count: Int, seed: UInt64, iterations: Int = 25) {
        precondition((1...max(points.rows, 1)).contains(count), "\(count) clusters of \(points.rows) points")
        var generator = SplitMix64(seed: seed)
        centres = Self.starts(points, count: count, using: &generator)
        (assignments, squaredError) = Self.assign(points, to: centres)
        for _ in 0..<iterations {
            let moved = Self.means(points, assignments, around: centres)
            let (nearer, error) = Self.assign(points, to: moved)
            guard error < squaredError else { break }
            (centres, assignments, squaredError) = (moved, nearer, error)
        }
    }

    private static func starts(_ points: Matrix, count: Int, using generator: inout SplitMix64) -> Matrix {
        var chosen = [generator.below(points.rows)]
        var distances = [Double](repeating: .infinity, count: points.rows)
        while chosen.count < count {
            let last = chosen[chosen.count - 1]
            for row in 0..<points.rows {
                distances[row] = min(distances[row], distance(points, row, points, last))
            }
            var left = distances.reduce(0, +) * Double(generator.next() >> 11) * 0x1p-53
            let next = distances.firstIndex { distance in
                left -= distance
                return left < 0
            }
            chosen.append(next ?? distances.indices.max { distances[$0] < distances[$1] } ?? 0)
        }
        return points.rows(chosen)
    }

    private static func distance(_ left: Matrix, _ row: Int, _ right: Matrix, _ other: Int) -> Double {
        var sum = 0.0
        for column in 0..<left.columns {
            let difference = left.elements[row * left.columns + column] - right.elements[other * right.columns + column]
            sum += difference * difference
        }
        return sum
    }

    private static func assign(_ points: Matrix, to centres: Matrix) -> (assignments: [Int], error: Double) {
        var (assignments, error) = ([Int](repeating: 0, count: points.rows), 0.0)
        for row in 0..<points.rows {
            var best = Double.infinity
            for centre in 0..<centres.rows {
                let own = distance(points, row, centres, centre)
                if own < best { (best, assignments[row]) = (own, centre) }
            }
            error += best
        }
        return (assignments, error)
    }

    /// The mean of each cluster; one without points stays where it is.
    private static func means(_ points: Matrix, _ assignments: [Int], around centres: Matrix) -> Matrix {
        var (sums, counts) = (centres.elements.map { _ in 0.0 }, [Double](repeating: 0, count: centres.rows))
        for (row, centre) in assignments.enumerated() {
            counts[centre] += 1
            for column in 0..<points.columns {
                sums[centre * points.columns + column] += points.elements[row * points.columns + column]
            }
        }
        return Matrix(rows: centres.rows, columns: centres.columns) { row, column in
            let place = row * centres.columns + column
            return counts[row] > 0 ? sums[place] / counts[row] : centres.elements[place]
        }
    }
}
