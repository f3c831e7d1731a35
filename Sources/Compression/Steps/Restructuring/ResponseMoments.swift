import Diagnostics
import Networks
import Tensors

/// Centered sums from which another form of a layer is fitted: `X` are its patches as the network compressed so far gives them,
/// `Y` what the layer of the original network makes of the same cases before its activation.
package struct ResponseMoments: Sendable {
    /// `transposed X * X` of deviations from the means, `columns x columns`.
    package private(set) var gram: Matrix
    /// `transposed X * Y` of deviations, `columns x outputs`.
    package private(set) var cross: Matrix
    /// The sum of squares of the deviations of `Y`.
    package private(set) var targetSquares: Double
    package let columnMeans: [Double]
    /// Rows seen; 1 when only weights count.
    package let count: Int
    private let targetMeans: [Double]

    package init(_ moments: LayerMoments) {
        (gram, cross) = moments.centered
        (count, columnMeans, targetSquares) = (moments.count, moments.means, moments.centeredTargetSquares)
        targetMeans = moments.targetSums.map { $0 / Double(max(moments.count, 1)) }
    }

    /// The moments for which the nearest weights are the nearest responses: inputs without correlation and mean.
    package init(weights: Matrix, bias: [Double]) {
        gram = Matrix(rows: weights.rows, columns: weights.rows) { $0 == $1 ? 1 : 0 }
        cross = weights
        count = 1
        targetSquares = weights.squaredNorm
        columnMeans = [Double](repeating: 0, count: weights.rows)
        targetMeans = bias
    }

    private init(_ moments: ResponseMoments, spread: Matrix) {
        gram = spread.times(moments.gram.times(spread), transposingSelf: true)
        cross = spread.times(moments.cross, transposingSelf: true)
        let means = Matrix(rows: 1, columns: moments.columnMeans.count, elements: moments.columnMeans)
        columnMeans = means.times(spread).elements
        (targetSquares, targetMeans, count) = (moments.targetSquares, moments.targetMeans, moments.count)
    }

    /// The moments with the columns of `X * spread` in the place of those of `X`.
    package func transformed(by spread: Matrix) -> ResponseMoments {
        ResponseMoments(self, spread: spread)
    }

    /// The moments with the error of weights added, times `damping` of the mean squared input: the least squares are drawn towards
    /// `weights`, by which inputs of which no case says much keep the weights that they had.
    package func drawn(towards weights: Matrix, damping: Double) -> ResponseMoments {
        var drawn = self
        let added = damping * gram.meanDiagonal
        for place in 0..<gram.rows { drawn.gram.elements[place * (gram.columns + 1)] += added }
        for place in weights.elements.indices { drawn.cross.elements[place] += added * weights.elements[place] }
        drawn.targetSquares += added * weights.squaredNorm
        return drawn
    }

    /// The offset a target that makes the mean error 0.
    package func offsets(for weights: Matrix) -> [Double] {
        targetMeans.indices.map { target in
            columnMeans.indices.reduce(targetMeans[target]) { $0 - columnMeans[$1] * weights[$1, target] }
        }
    }

    /// The squared error of `X * weights + offsets` over the squares of the targets' deviations.
    package func relativeError(of weights: Matrix) -> Double {
        let responses = gram.times(weights).elements
        let error = weights.elements.indices.reduce(targetSquares) { sum, place in
            sum + weights.elements[place] * (responses[place] - 2 * cross.elements[place])
        }
        return targetSquares > 0 ? max(error, 0) / targetSquares : 0
    }

    /// Nearest weights of `columns` alone to the targets `outputs`.
    package func leastSquares(columns: [Int], outputs: [Int], damping: Double = 1e-9) throws -> Matrix {
        let system = Matrix(rows: columns.count, columns: columns.count) { gram[columns[$0], columns[$1]] }
        let right = Matrix(rows: columns.count, columns: outputs.count) { cross[columns[$0], outputs[$1]] }
        return try CholeskyFactor(system, damping: damping).solve(right)
    }
}

/// To what a rewritten layer is fitted.
package enum FitTarget: String, Sendable, Hashable, CaseIterable {
    /// To the original layer's responses on calibration cases.
    case responses
    /// To the weights alone, as if inputs had no correlation.
    case weights

    static let parameter = ParameterDescription(
        "fit", "Whether responses on calibration cases or weights alone are brought near",
        .choice(FitTarget.allCases.map(\.rawValue), default: FitTarget.responses.rawValue))

    /// Output positions of a case from which responses are taken, at most.
    static let positions = 64

    /// The moments of a layer of `network` against the layer of the same name in the original network.
    ///
    /// - Precondition: a convolution in one group with float weights.
    /// - Throws: `Diagnostic` when no calibration case was seen; what the observer throws.
    func moments(
        of node: Node, in network: Network, against original: inout OriginalResponses,
        observing observer: any ActivationObserver
    ) throws -> ResponseMoments {
        guard let patches = LayerPatches(node, in: network), let weights = node.weights else {
            throw Diagnostic(layer: node.name, "its weights multiply no patches")
        }
        switch self {
        case .weights:
            let filters = patches.filters(of: network[weights].reals)
            return ResponseMoments(weights: filters.transposed, bias: CompressedNetwork(network).biasReals(of: node))
        case .responses:
            let targets = try original(of: node.name, observing: observer).map { [$0] }
            let moments = try observer.moments(of: node, in: network, positions: Self.positions, targets: targets)
            guard let moments = moments.first, moments.count > 0 else {
                throw Diagnostic.withoutCases(layer: node.name)
            }
            return ResponseMoments(moments)
        }
    }
}
