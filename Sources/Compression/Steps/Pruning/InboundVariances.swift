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
}
