import Diagnostics

/// Filters that each read one of a few colours, sums of the input channels that filters share.
struct MonochromaticFilters {
    /// `colours x channels`.
    private(set) var colours: Matrix
    /// The colour that every filter reads, as many filters a colour.
    private(set) var clusters: BalancedClusters
    /// `outputs x places of the kernel`.
    private(set) var kernels: Matrix
    private let kernel: KernelExtents

    /// Colours start from the leading singular vectors of filters far apart; then filters choose colours, and colours are fitted
    /// to their filters, as long as that brings the filters nearer under `metric`.
    init(_ filters: Matrix, kernel: KernelExtents, colours count: Int, metric: FilterMetric) throws {
        self.kernel = kernel
        let leading = try (0..<filters.rows).map { output in
            try MonochromaticFilters.leadingColour(of: filters, output: output, kernel: kernel)
        }
        let table = try MonochromaticFilters.costs(
            of: filters, Matrix(rows: leading.count, columns: kernel.depth, elements: leading.flatMap { $0 }), kernel,
            .weights)
        var chosen = [0]
        while chosen.count < count {
            let gaps = (0..<filters.rows).map { row in (chosen.map { table[row, $0] }.min() ?? 0) - table[row, row] }
            chosen.append(gaps.indices.max { gaps[$0] < gaps[$1] } ?? 0)
        }
        colours = Matrix(rows: count, columns: kernel.depth, elements: chosen.flatMap { leading[$0] })
        clusters = BalancedClusters(
            costs: Matrix(rows: filters.rows, columns: count) { table[$0, chosen[$1]] })
        kernels = Matrix(rows: 0, columns: 0, elements: [])
        try chooseKernels(for: filters, metric: metric)
        var last = Double.infinity
        for _ in 0..<10 {
            try fitColours(to: filters, metric: metric)
            let costs = try MonochromaticFilters.costs(of: filters, colours, kernel, metric)
            _ = clusters.exchange(costs: costs)
            try chooseKernels(for: filters, metric: metric)
            let cost = clusters.clusters.enumerated().reduce(0) { $0 + costs[$1.offset, $1.element] }
            guard cost < last * (1 - 1e-4) else { return }
            last = cost
        }
    }

    /// The filters that colours and kernels make together, `outputs x columns`.
    var product: Matrix {
        Matrix(rows: kernels.rows, columns: kernel.columns) { output, column in
            kernels[output, column / kernel.depth] * colours[clusters.clusters[output], column % kernel.depth]
        }
    }

    /// The direction of channels that one filter varies along most.
    private static func leadingColour(of filters: Matrix, output: Int, kernel: KernelExtents) throws -> [Double] {
        let slice = Matrix(rows: kernel.height * kernel.width, columns: kernel.depth) {
            filters[output, $0 * kernel.depth + $1]
        }
        return try SymmetricEigenvectors(slice.times(slice, transposingSelf: true)).vectors.transposed
            .elements.prefix(kernel.depth).map { $0 }
    }

    /// What the kernels of a colour combine, `places x columns`.
    private static func features(of colour: Int, in colours: Matrix, _ kernel: KernelExtents) -> Matrix {
        Matrix(rows: kernel.height * kernel.width, columns: kernel.columns) { place, column in
            column / kernel.depth == place ? colours[colour, column % kernel.depth] : 0
        }
    }

    /// The squared distance of every filter from its nearest of each colour.
    private static func costs(
        of filters: Matrix, _ colours: Matrix, _ kernel: KernelExtents, _ metric: FilterMetric
    ) throws -> Matrix {
        let columns = try (0..<colours.rows).map { colour in
            let features = features(of: colour, in: colours, kernel)
            let rest = filters.minus(try metric.combinations(of: features, nearest: filters).times(features))
            return metric.squaredDistances(rest)
        }
        return Matrix(rows: filters.rows, columns: colours.rows) { columns[$1][$0] }
    }

    private mutating func chooseKernels(for filters: Matrix, metric: FilterMetric) throws {
        var elements = [Double](repeating: 0, count: filters.rows * kernel.height * kernel.width)
        for colour in 0..<colours.rows {
            let features = MonochromaticFilters.features(of: colour, in: colours, kernel)
            let combinations = try metric.combinations(of: features, nearest: filters)
            for output in 0..<filters.rows where clusters.clusters[output] == colour {
                for place in 0..<combinations.columns {
                    elements[output * combinations.columns + place] = combinations[output, place]
                }
            }
        }
        kernels = Matrix(rows: filters.rows, columns: kernel.height * kernel.width, elements: elements)
    }

    /// Each colour by least squares, given the kernels of its filters.
    private mutating func fitColours(to filters: Matrix, metric: FilterMetric) throws {
        let places = (0..<kernel.depth).map { channel in
            (0..<kernel.height * kernel.width).map { $0 * kernel.depth + channel }
        }
        var residual = FactorResidual(filters, minus: product, metric: metric)
        for colour in 0..<colours.rows {
            let shape = Matrix(rows: kernels.rows, columns: kernels.columns) { output, place in
                clusters.clusters[output] == colour ? kernels[output, place] : 0
            }
            for (channel, change) in try residual.change(shape: shape, columns: places).enumerated() {
                colours.elements[colour * kernel.depth + channel] += change
            }
        }
    }
}

extension FilterMetric {
    /// The squared length of every row; never below 0.
    func squaredDistances(_ difference: Matrix) -> [Double] {
        let weighted = weighted(difference)
        return (0..<difference.rows).map { row in
            max((0..<difference.columns).reduce(0) { $0 + weighted[row, $1] * difference[row, $1] }, 0)
        }
    }
}
