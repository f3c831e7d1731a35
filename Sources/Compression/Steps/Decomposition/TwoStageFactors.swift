import Networks
import Tensors

/// Vertical kernels to `rank` maps and horizontal ones from there.
struct TwoStageFactors: SeparableFactors {
    private let kernel: KernelExtents
    private let rank: Int
    /// `rank x (height, depth)`.
    private var vertical: Matrix
    /// `outputs x (width, rank)`.
    private var horizontal: Matrix

    /// The nearest in weights.
    init(_ filters: Matrix, kernel: KernelExtents, rank: Int) throws {
        let (height, width, depth) = (kernel.height, kernel.width, kernel.depth)
        let outputs = filters.rows
        let matrix = Matrix(rows: height * depth, columns: width * outputs) { row, column in
            filters[column % outputs, kernel.column(row / depth, column / outputs, row % depth)]
        }
        let (left, right) = try SingularValueDecomposition(matrix).factors(rank: rank)
        self.kernel = kernel
        self.rank = rank
        vertical = left.transposed
        horizontal = Matrix(rows: outputs, columns: width * rank) { output, column in
            right[column % rank, column / rank * outputs + output]
        }
    }

    /// What the horizontal kernels combine, `(width, rank) x columns`.
    private var features: Matrix {
        let (width, depth) = (kernel.width, kernel.depth)
        return Matrix(rows: width * rank, columns: kernel.columns) { row, column in
            let (y, x, channel) = (column / (width * depth), column / depth % width, column % depth)
            return x == row / rank ? vertical[row % rank, y * depth + channel] : 0
        }
    }

    var product: Matrix { horizontal.times(features) }

    mutating func refit(to filters: Matrix, metric: FilterMetric, rounds: Int) throws {
        let (height, width, depth) = (kernel.height, kernel.width, kernel.depth)
        let columns = (0..<height * depth).map { place in
            (0..<width).map { kernel.column(place / depth, $0, place % depth) }
        }
        horizontal = try metric.combinations(of: features, nearest: filters)
        for _ in 0..<rounds {
            var residual = FactorResidual(filters, minus: product, metric: metric)
            for map in 0..<rank {
                let shape = Matrix(rows: filters.rows, columns: width) { horizontal[$0, $1 * rank + map] }
                let change = try residual.change(shape: shape, columns: columns)
                for place in change.indices { vertical.elements[map * height * depth + place] += change[place] }
            }
            horizontal = try metric.combinations(of: features, nearest: filters)
        }
    }

    static func stages(_ groups: [any SeparableFactors], of convolution: Convolution2D) -> [LayerStage] {
        let groups = groups.compactMap { $0 as? TwoStageFactors }
        let (kernel, rank, outputs) = (groups[0].kernel, groups[0].rank, groups[0].horizontal.rows)
        let (first, second) = convolution.window.split
        return [
            LayerStage(
                operation: Convolution2D(window: first, groups: groups.count),
                weights: Tensor(
                    [groups.count * rank, kernel.height, 1, kernel.depth],
                    groups.flatMap { $0.vertical.elements.map(Float.init) })),
            LayerStage(
                operation: Convolution2D(window: second, groups: groups.count, activation: convolution.activation),
                weights: Tensor(
                    [groups.count * outputs, 1, kernel.width, rank],
                    groups.flatMap { $0.horizontal.elements.map(Float.init) })),
        ]
    }
}
