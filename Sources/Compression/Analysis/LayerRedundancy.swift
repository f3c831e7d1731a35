import Networks

/// How much of a layer's weights says the same twice, from its matrix of `outputs x (all else)`.
public struct LayerRedundancy: Sendable, Hashable, Codable {
    /// The smaller extent of the matrix.
    public var fullRank: Int
    /// Singular values, descending.
    public var spectrum: [Double]
    /// Filters that are another one of the layer up to one part in a thousand of its length, bias left aside.
    public var duplicates: Int

    /// - Throws: `Diagnostic` when the iteration does not converge.
    package init(_ filters: Matrix) throws {
        fullRank = min(filters.rows, filters.columns)
        spectrum = try SingularValueDecomposition(filters).values
        duplicates = LayerRedundancy.duplicates(of: filters)
    }

    /// The least rank that keeps a part of the squared length of the weights.
    public func rank(keeping energy: Double) -> Int {
        let all = spectrum.reduce(0) { $0 + $1 * $1 }
        var kept = 0.0
        for (place, value) in spectrum.enumerated() {
            if kept >= energy * all { return place }
            kept += value * value
        }
        return spectrum.count
    }

    private static func duplicates(of filters: Matrix) -> Int {
        let rows = (0..<filters.rows).map(filters.row)
        let lengths = rows.map { $0.reduce(0) { $0 + $1 * $1 } }
        return rows.indices.count { row in
            (0..<row).contains { other in
                var distance = 0.0
                for column in rows[row].indices {
                    let difference = rows[row][column] - rows[other][column]
                    distance += difference * difference
                }
                return distance <= 1e-6 * lengths[row]
            }
        }
    }
}
