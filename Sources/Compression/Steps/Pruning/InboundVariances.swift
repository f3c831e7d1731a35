/// Mean and variance of what each input channel contributes to each filter.
package struct InboundVariances {
    private let moments: LayerMoments
    private let filters: Matrix
    private let depth: Int
    private let covariances: Matrix

    /// - Parameters:
    ///   - filters: one a row, in the order of the moments' columns.
    ///   - depth: input channels; column c belongs to channel `c % depth`.
    package init(_ moments: LayerMoments, filters: Matrix, depth: Int) {
        (self.moments, self.filters, self.depth) = (moments, filters, depth)
        covariances = moments.scatter
    }

    package func mean(ofFilter filter: Int, channel: Int) -> Double {
        let columns = stride(from: channel, to: filters.columns, by: depth)
        return columns.reduce(0) { $0 + filters[filter, $1] * moments.columnSums[$1] } / Double(max(moments.count, 1))
    }

    package func variance(ofFilter filter: Int, channel: Int) -> Double {
        let columns = Array(stride(from: channel, to: filters.columns, by: depth))
        let sum = columns.reduce(0.0) { sum, row in
            columns.reduce(sum) { $0 + filters[filter, row] * covariances[row, $1] * filters[filter, $1] }
        }
        return sum / Double(max(moments.count, 1))
    }

    /// All channels of a filter but the `count` whose contribution varies most.
    package func dropped(ofFilter filter: Int, keeping count: Int) -> Set<Int> {
        let variances = (0..<depth).map { variance(ofFilter: filter, channel: $0) }
        return Set(variances.fallingOrder.dropFirst(count))
    }

    /// The filters without the channels that vary least, and the mean that each of them loses.
    func pruned(keeping count: Int) -> (filters: Matrix, offsets: [Double]) {
        let dropped = (0..<filters.rows).map { self.dropped(ofFilter: $0, keeping: count) }
        let rest = Matrix(rows: filters.rows, columns: filters.columns) { filter, column in
            dropped[filter].contains(column % depth) ? 0 : filters[filter, column]
        }
        let means = dropped.enumerated().map { filter, channels in
            channels.sorted().reduce(0) { $0 + mean(ofFilter: filter, channel: $1) }
        }
        return (rest, means)
    }

    /// The filters of `pruned` with their nonzero weights fitted to the moments' targets, and the bias that gives the targets' mean.
    func fitted(keeping count: Int, damping: Double) throws -> (filters: Matrix, offsets: [Double]) {
        let pruned = pruned(keeping: count).filters
        let centered = moments.centered(damping: damping)
        let rows = try mapConcurrently(pruned.rows) { filter in
            let plain = pruned.row(filter)
            return Result {
                try centered.filter(near: plain, target: filter, columns: plain.indices.filter { plain[$0] != 0 })
            }
        }.map { try $0.get() }
        let fitted = Matrix(rows: pruned.rows, columns: pruned.columns, elements: rows.flatMap { $0 })
        return (fitted, rows.enumerated().map { moments.offset(of: $0, filter: $1) })
    }
}
