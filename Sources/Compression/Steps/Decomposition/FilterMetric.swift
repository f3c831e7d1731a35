import Diagnostics
import Networks
import Tensors

/// How far apart two sets of filters of a layer are: in their weights, or in their responses on calibration cases.
///
/// Filters are `outputs x columns`, columns as in `LayerPatches`. For a difference `D` of filters the squared distance is
/// `trace(D * scatter * transposed D)`, with the scatter of the layer's patches: the sum of squares by which responses differ
/// after the bias has taken up the mean. Without a scatter it is the sum of squares of `D`.
struct FilterMetric: Sendable {
    let scatter: Matrix?
    private let means: [Double]

    /// The distance of weights.
    static let weights = FilterMetric(scatter: nil, means: [])

    /// The distance of responses to patches of these moments, or to patches of which they are a sample.
    init(_ moments: LayerMoments, isSample: Bool) {
        self.init(scatter: isSample ? moments.shrunkScatter : moments.scatter, means: moments.means)
    }

    private init(scatter: Matrix?, means: [Double]) {
        (self.scatter, self.means) = (scatter, means)
    }

    /// The rows of a matrix times the scatter.
    func weighted(_ filters: Matrix) -> Matrix {
        scatter.map { filters.times($0) } ?? filters
    }

    func squaredDistance(_ difference: Matrix) -> Double {
        weighted(difference).elements.dot(difference.elements)
    }

    /// What a bias must take up so that responses keep their mean, one number an output.
    func offsets(_ difference: Matrix) -> [Double] {
        guard !means.isEmpty else { return [Double](repeating: 0, count: difference.rows) }
        return difference.times(Matrix(rows: means.count, columns: 1, elements: means)).elements
    }

    /// The combinations of the features' filters that come nearest to `filters`, as `outputs x features`.
    ///
    /// - Parameter features: `features x columns`.
    func combinations(of features: Matrix, nearest filters: Matrix) throws -> Matrix {
        let weighted = weighted(features)
        let normal = weighted.times(features.transposed)
        return try CholeskyFactor(normal, damping: 1e-12).solve(weighted.times(filters.transposed)).transposed
    }
}

extension FilterMetric {
    /// Filters of the given rank nearest to `filters`, as `outputs x rank` times `rank x columns`.
    ///
    /// In weights by singular values. In responses the best subspace of outputs is spanned by the leading eigenvectors `U` of
    /// `W * scatter * transposed W`, and the product is `U * (transposed U * W)`: no other filters of that rank come nearer.
    func factors(of filters: Matrix, rank: Int) throws -> (left: Matrix, right: Matrix) {
        guard let scatter else { return try SingularValueDecomposition(filters).factors(rank: rank) }
        let mean = scatter.meanDiagonal
        var covariance = filters.times(scatter).times(filters.transposed)
        let floor = filters.times(filters.transposed)
        for place in covariance.elements.indices {
            covariance.elements[place] += 1e-10 * mean * floor.elements[place]
        }
        let basis = try SymmetricEigenvectors(covariance).vectors.prefix(columns: rank)
        return (basis, basis.times(filters, transposingSelf: true))
    }
}

extension FactorFit {
    /// The metric of every group of a layer's patches, on what `network` gives the layer.
    ///
    /// - Parameter positions: at most so many output positions of a case are taken.
    /// - Throws: `Diagnostic` when responses are to be fitted and there are no calibration cases.
    func metrics(
        of node: Node, in network: Network, groups: Int, observing observer: any ActivationObserver,
        positions: Int = 128
    ) throws -> [FilterMetric] {
        switch self {
        case .weights:
            return [FilterMetric](repeating: .weights, count: groups)
        case .responses, .sampleResponses:
            let moments = try observer.moments(of: node, in: network, positions: positions)
            guard moments.allSatisfy({ $0.count > 0 }) else {
                throw Diagnostic(layer: node.name, "its responses cannot be fitted without calibration cases")
            }
            return moments.map { FilterMetric($0, isSample: self == .responses) }
        }
    }
}

extension FactorFit {
    /// The last factor of a layer in one group, the combinations of features that come nearest to its filters, with its bias.
    ///
    /// - Parameter features: the filters that the other factors make, `features x columns`.
    func lastFactor(
        combining features: Matrix, of node: Node, _ weights: Tensor, in network: Network,
        observing observer: any ActivationObserver
    ) throws -> (last: Matrix, bias: Tensor?) {
        let metric = try metrics(of: node, in: network, groups: 1, observing: observer)[0]
        let filters = weights.filters(groups: 1)[0]
        let last = try metric.combinations(of: features, nearest: filters)
        return (last, network.bias(of: node, plus: metric.offsets(filters.minus(last.times(features)))))
    }
}

extension Network {
    /// The bias of a layer as reals, moved by `offsets`; nil when there is neither.
    func bias(of node: Node, plus offsets: [Double]) -> Tensor? {
        let reals = node.bias.map { self[$0].reals }
        guard reals != nil || offsets.contains(where: { $0 != 0 }) else { return nil }
        return Tensor([offsets.count], offsets.indices.map { Float((reals?[$0] ?? 0) + offsets[$0]) })
    }
}

extension Tensor {
    /// The filters of every group of a convolution, each `outputs x columns`.
    func filters(groups: Int) -> [Matrix] {
        let (share, columns) = (shape[0] / groups, shape[1] * shape[2] * shape[3])
        let elements = floats.map(Double.init)
        return (0..<groups).map { group in
            Matrix(
                rows: share, columns: columns,
                elements: Array(elements[group * share * columns..<(group + 1) * share * columns]))
        }
    }
}
