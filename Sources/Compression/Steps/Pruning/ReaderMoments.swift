import Diagnostics
import Networks
import Tensors

/// What a layer multiplies and what it shall respond, over calibration cases, with filters that are being fitted to it.
package struct ReaderMoments: Sendable {
    package let reader: ChannelReader
    /// Of each group of the layer's patches; targets are responses less the layer's bias.
    package let moments: [LayerMoments]
    /// Of each group, `groupOutputs x columns`.
    package var filters: [Matrix]

    package init(reader: ChannelReader, moments: [LayerMoments], filters: [Matrix]) {
        (self.reader, self.moments, self.filters) = (reader, moments, filters)
    }

    /// Fits the filters' columns of all classes but `removed` to the targets by least squares; those become 0.
    ///
    /// `(A + d) W = X'Y + d W0` with `A = X'X`, both centered, `W0` the filters before and `d` the damping times the mean of
    /// A's diagonal: the objective never rises, and directions without data keep their weights.
    package mutating func fit(removing removed: Set<Int>, damping: Double) throws {
        let columns = reader.classes.indices.filter { !removed.contains(reader.classes[$0]) }
        for group in filters.indices {
            let (gram, cross) = moments[group].centered
            let before = Matrix(rows: columns.count, columns: filters[group].rows) { filters[group][$1, columns[$0]] }
            var system = Matrix(rows: columns.count, columns: columns.count) { gram[columns[$0], columns[$1]] }
            let mean = system.meanDiagonal
            guard mean > 0 else { continue }
            system.addToDiagonal(damping * mean)
            let right = Matrix(rows: columns.count, columns: before.columns) {
                cross[columns[$0], $1] + damping * mean * before[$0, $1]
            }
            let solution = try CholeskyFactor(system, damping: 1e-12).solve(right)
            var elements = [Double](repeating: 0, count: filters[group].elements.count)
            for (row, column) in columns.enumerated() {
                for filter in 0..<solution.columns {
                    elements[filter * filters[group].columns + column] = solution[row, filter]
                }
            }
            filters[group].elements = elements
        }
    }

    /// Multiplies the columns of classes by a factor each; those without a factor stay.
    package mutating func scale(by factors: [Int: Double]) {
        for group in filters.indices {
            filters[group] = Matrix(rows: filters[group].rows, columns: filters[group].columns) {
                filters[group][$0, $1] * (factors[reader.classes[$1]] ?? 1)
            }
        }
    }

    /// What the bias of every output channel gains so that responses have the targets' mean.
    package var offsets: [Double] {
        filters.indices.flatMap { group in
            let (sums, count) = (moments[group].columnSums, Double(max(moments[group].count, 1)))
            return (0..<filters[group].rows).map { filter in
                let response = sums.indices.reduce(0) { $0 + sums[$1] * filters[group][filter, $1] }
                return (moments[group].targetSums[filter] - response) / count
            }
        }
    }

    /// The squared distance of the responses from the targets, both less their means.
    package var objective: Double {
        filters.indices.reduce(0) { sum, group in
            let (gram, cross) = moments[group].centered
            let weights = filters[group].transposed
            let bent = gram.times(weights)
            let products = weights.elements.indices.reduce(0) {
                $0 + weights.elements[$1] * (bent.elements[$1] - 2 * cross.elements[$1])
            }
            return sum + products + moments[group].centeredTargetSquares
        }
    }
}
