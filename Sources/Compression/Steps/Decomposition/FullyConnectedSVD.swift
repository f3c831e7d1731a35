import Diagnostics
public import Networks
import Tensors

/// A fully connected layer or a pointwise convolution becomes two, through `rank` channels.
///
/// Fitted to weights: `W ≈ U_r S_r V_r'`, both factors taking the roots of the singular values; the error is the sum of the
/// dropped squares (Eckart and Young). Fitted to responses: `W ≈ U_r U_r' W` with the leading eigenvectors of `W C W'`, `C` the
/// scatter of the layer's inputs; the error of the responses is the sum of the dropped eigenvalues, and no other factors of
/// that rank have a smaller one. Weights: `rank * (inputs + outputs)` for `inputs * outputs`.
public struct FullyConnectedSVD: CompressionStep {
    public static let description = StepDescription(
        name: "fully-connected-svd",
        summary:
            "Splits a fully connected layer or a pointwise convolution in two by truncated singular value decomposition",
        citation: "Denton, Zaremba, Bruna, LeCun, Fergus: Exploiting Linear Structure Within ConvNets, 2014",
        parameters: [Rank.rankParameter, Rank.fractionParameter, RankSource.parameter, FactorFit.parameter],
        categories: [.decomposition], profits: [.storage, .products])

    public var layers: LayerSelection
    private let rank: Rank
    private let fit: FactorFit

    /// - Parameters: give either `rank`, 1 to the full rank, or `fraction` of the full rank, above 0 to 1, or ranks by `evbmf`.
    public init(
        layers: LayerSelection, rank: Int? = nil, fraction: Double? = nil, ranks: RankSource = .given,
        fit: FactorFit = .weights
    ) {
        self.layers = layers
        self.rank = Rank(rank: rank, fraction: fraction, source: ranks)
        self.fit = fit
    }

    public init(layers: LayerSelection, parameters: StepParameters) {
        self.init(
            layers: layers, rank: parameters.integer("rank"), fraction: parameters.number("fraction"),
            ranks: parameters.choice("ranks"), fit: parameters.choice("fit"))
    }

    public var parameters: [String: ParameterValue] { rank.parameters.merging(fit.parameters) { $1 } }
    public var category: StepCategory { .decomposition }

    /// The full rank of the weights of a float layer that is a matrix, or nil for another layer.
    public static func fullRank(of layer: String, in network: Network) -> Int? {
        guard let (node, weights) = network.floatLayer(layer), node.isMatrix(weights: weights.shape) else { return nil }
        return min(weights.shape[0], weights.shape[weights.shape.rank - 1])
    }

    public func transform(
        _ compressed: CompressedNetwork, layers: [String], observing observer: any ActivationObserver
    ) throws -> StepOutcome {
        let admitted = try self.layers.admit(layers, to: "SVD") { layer in
            Self.fullRank(of: layer, in: compressed.network) == nil
                ? "not a fully connected layer or pointwise convolution in float" : nil
        }
        var result = compressed
        var remarks: [String] = []
        let touched = try result.replaceInTurn(admitted) { network, node, weights in
            let (outputs, inputs) = (weights.shape[0], weights.shape[weights.shape.rank - 1])
            let matrix = Matrix(rows: outputs, columns: inputs, elements: weights.floats.map(Double.init))
            let rank = try rank.resolve(full: min(outputs, inputs), layer: node.name) { matrix }
            if self.rank.source == .evbmf {
                remarks.append("layer '\(node.name)': rank \(rank) of \(min(outputs, inputs)) stands above the noise")
            }
            guard rank > 0 else { return [] }
            let metric = try fit.metrics(of: node, in: network, groups: 1, observing: observer)[0]
            let (left, right) = try metric.factors(of: matrix, rank: rank)
            let offsets = metric.offsets(matrix.minus(left.times(right)))
            return node.matrixStages(left, right, bias: fit == .weights ? nil : network.bias(of: node, plus: offsets))
        }
        return StepOutcome(result, touched: touched, remarks: remarks)
    }
}

extension Node {
    /// Whether a layer multiplies every row or pixel with one matrix.
    fileprivate func isMatrix(weights shape: Shape) -> Bool {
        if operation is FullyConnected { return shape.rank == 2 }
        guard let convolution = operation as? Convolution2D else { return false }
        return convolution.groups == 1 && shape[1] == 1 && shape[2] == 1
    }

    /// This layer as two, of `rank x inputs` and `outputs x rank`; the last keeps the clamp.
    fileprivate func matrixStages(_ left: Matrix, _ right: Matrix, bias: Tensor?) -> [LayerStage] {
        guard let convolution = operation as? Convolution2D else {
            return [.fullyConnected(right), .fullyConnected(left, activation: activation, bias: bias)]
        }
        return [
            .pointwise(right, window: convolution.window),
            .pointwise(left, activation: convolution.activation, bias: bias),
        ]
    }
}
