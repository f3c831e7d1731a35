import Diagnostics
public import Networks
import Tensors

/// A fully connected layer becomes two, through the `rank` largest singular values of its weights.
///
/// `W ≈ U_r S_r V_r'`, both factors taking the roots of the singular values; the error is the sum of the dropped
/// squares (Eckart and Young). Weights: `rank * (inputs + outputs)` for `inputs * outputs`.
public struct FullyConnectedSVD: CompressionStep {
    public static let description = StepDescription(
        name: "fully-connected-svd",
        summary: "Splits a fully connected layer in two by truncated singular value decomposition",
        citation: "Denton, Zaremba, Bruna, LeCun, Fergus: Exploiting Linear Structure Within ConvNets, 2014",
        parameters: [Rank.rankParameter, Rank.fractionParameter], categories: [.decomposition],
        profits: [.storage, .products])

    public var layers: LayerSelection
    private let rank: Rank

    /// - Parameters: give either `rank`, 1 to the full rank, or `fraction` of the full rank, above 0 to 1.
    public init(layers: LayerSelection, rank: Int? = nil, fraction: Double? = nil) {
        self.layers = layers
        self.rank = Rank(rank: rank, fraction: fraction)
    }

    public init(layers: LayerSelection, parameters: StepParameters) {
        self.init(layers: layers, rank: parameters.integer("rank"), fraction: parameters.number("fraction"))
    }

    public var parameters: [String: ParameterValue] { rank.parameters }
    public var category: StepCategory { .decomposition }

    /// The full rank of a float fully connected layer's weights, or nil for another layer.
    public static func fullRank(of layer: String, in network: Network) -> Int? {
        guard let node = network.nodes.first(where: { $0.name == layer }), node.operation is FullyConnected,
            let tensor = node.weights.flatMap({ network[$0].constant }), tensor.elementType == .float32,
            tensor.shape.elementCount > 0
        else { return nil }
        return min(tensor.shape[0], tensor.shape[1])
    }

    public func transform(
        _ compressed: CompressedNetwork, layers: [String], observing observer: any ActivationObserver
    ) throws -> StepOutcome {
        let admitted = try self.layers.admit(layers, to: "SVD") { layer in
            Self.fullRank(of: layer, in: compressed.network) == nil ? "not a fully connected layer in float" : nil
        }
        var result = compressed
        let touched = try result.replaceEach(admitted) { node, weights in
            let (outputs, inputs) = (weights.shape[0], weights.shape[1])
            let rank = try rank.resolve(full: min(outputs, inputs), layer: node.name)
            let matrix = Matrix(rows: outputs, columns: inputs, elements: weights.floats.map(Double.init))
            let (left, right) = try SingularValueDecomposition(matrix).factors(rank: rank)
            return [
                LayerStage(
                    operation: FullyConnected(), weights: Tensor([rank, inputs], right.elements.map(Float.init))),
                LayerStage(operation: node.operation, weights: Tensor([outputs, rank], left.elements.map(Float.init))),
            ]
        }
        return StepOutcome(result, touched: touched)
    }
}
