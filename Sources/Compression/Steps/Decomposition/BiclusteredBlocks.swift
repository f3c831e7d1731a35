import Diagnostics

/// Filters cut into blocks of alike inputs and alike outputs, each block of low rank.
struct BiclusteredBlocks {
    let inputs: BalancedClusters
    let outputs: BalancedClusters
    /// Input channels in the order of their clusters; outputs likewise.
    let inputOrder: [Int]
    let outputOrder: [Int]
    /// Of block (input cluster, output cluster), `channels of the cluster x rank`.
    let bases: [[Matrix]]
    /// Of every output cluster, `its outputs x (places, input cluster, rank)`.
    private(set) var kernels: [Matrix]
    let rank: Int
    private let kernel: KernelExtents

    /// Blocks by singular values; the kernels are then the least squares fit under `metric`.
    init(
        _ filters: Matrix, kernel: KernelExtents, inputClusters: Int, outputClusters: Int, rank: Int,
        metric: FilterMetric
    ) throws {
        let places = kernel.height * kernel.width
        let scaled = try metric.scaled(filters)
        inputs = BalancedClusters(
            rows: Matrix(rows: kernel.depth, columns: places * filters.rows) {
                scaled.channels[$1 / places, $1 % places * kernel.depth + $0]
            }, count: inputClusters)
        outputs = BalancedClusters(rows: scaled.whole, count: outputClusters)
        (inputOrder, outputOrder) = (inputs.order, outputs.order)
        let (width, height) = (kernel.depth / inputClusters, filters.rows / outputClusters)
        let (channels, rows) = (inputOrder, outputOrder)
        bases = try (0..<inputClusters).map { group in
            try (0..<outputClusters).map { cluster in
                let block = Matrix(rows: width, columns: height * places) { channel, column in
                    filters[
                        rows[cluster * height + column / places],
                        column % places * kernel.depth + channels[group * width + channel]]
                }
                return try SingularValueDecomposition(block).left.prefix(columns: rank)
            }
        }
        self.rank = rank
        self.kernel = kernel
        kernels = []
        for cluster in 0..<outputClusters {
            let own = Matrix(rows: height, columns: filters.columns) { filters[rows[cluster * height + $0], $1] }
            kernels.append(try metric.combinations(of: features(of: cluster), nearest: own))
        }
    }

    /// What the kernels of an output cluster combine, `(places, input cluster, rank) x columns`.
    private func features(of cluster: Int) -> Matrix {
        let groups = bases.count
        let width = kernel.depth / groups
        let places = kernel.height * kernel.width
        var features = Matrix(rows: places * groups * rank, columns: kernel.columns)
        for place in 0..<places {
            for group in 0..<groups {
                for term in 0..<rank {
                    let row = (place * groups + group) * rank + term
                    for index in 0..<width {
                        let column = place * kernel.depth + inputOrder[group * width + index]
                        features.elements[row * kernel.columns + column] = bases[group][cluster][index, term]
                    }
                }
            }
        }
        return features
    }

    /// The filters that all blocks make together, `outputs x columns`.
    var product: Matrix {
        var product = Matrix(rows: outputOrder.count, columns: kernel.columns)
        for (cluster, own) in kernels.enumerated() {
            let made = own.times(features(of: cluster))
            for row in 0..<made.rows {
                let start = outputOrder[cluster * made.rows + row] * kernel.columns
                for column in 0..<kernel.columns { product.elements[start + column] = made[row, column] }
            }
        }
        return product
    }
}

extension FilterMetric {
    /// Filters whose plain distances are those of this metric: for whole filters, and for single channels by the spread of
    /// their columns alone.
    fileprivate func scaled(_ filters: Matrix) throws -> (whole: Matrix, channels: Matrix) {
        guard let scatter else { return (filters, filters) }
        let eigen = try SymmetricEigenvectors(scatter)
        let roots = eigen.values.map { max($0, 0).squareRoot() }
        let whole = filters.times(eigen.vectors)
        return (
            Matrix(rows: whole.rows, columns: whole.columns) { whole[$0, $1] * roots[$1] },
            Matrix(rows: filters.rows, columns: filters.columns) {
                filters[$0, $1] * max(scatter[$1, $1], 0).squareRoot()
            }
        )
    }
}
