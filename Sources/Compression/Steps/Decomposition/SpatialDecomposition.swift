import Diagnostics
public import Networks
import Tensors

/// A convolution becomes convolutions with kernels of one row or column, of the given rank.
///
/// Scheme 2 of the source, `two-stage`: along the height to `rank` maps and along the width from there; weights
/// `rank * (height * C + width * N)` for `N * height * width * C`, by singular values of (input channel, row) by (column, output
/// channel). Scheme 1, `channel-basis`: every input channel has `rank` separable filters of its own, of which a pointwise
/// convolution makes the outputs; weights `rank * C * (height + width + N)`, by canonical polyadic factors of every channel's
/// filters. The fit to responses starts from that to weights and lowers the squared error of the layer's responses in turn over
/// all factors. In a grouped convolution every group has factors of its own.
public struct SpatialDecomposition: CompressionStep {
    /// The two schemes of the source.
    public enum Scheme: String, Sendable, Hashable, CaseIterable {
        case twoStage = "two-stage"
        case channelBasis = "channel-basis"
    }

    public static let description = StepDescription(
        name: "spatial-decomposition",
        summary: "Splits a convolution in vertical and horizontal ones of the given rank",
        citation: "Jaderberg, Vedaldi, Zisserman: Speeding up CNNs with Low Rank Expansions, 2014",
        parameters: [
            Rank.rankParameter, Rank.fractionParameter,
            ParameterDescription(
                "scheme",
                "two-stage: maps shared by all channels; channel-basis: separable filters of every input channel",
                .choice(Scheme.allCases.map(\.rawValue), default: Scheme.twoStage.rawValue)),
            FactorFit.parameter,
            ParameterDescription("rounds", "Rounds over all factors when responses are fitted", roundsDomain),
        ], categories: [.decomposition], profits: [.storage, .products])

    private static let roundsDomain = ParameterDescription.Domain.integer(1...100, default: 3)

    public var layers: LayerSelection
    private let rank: Rank
    private let scheme: Scheme
    private let fit: FactorFit
    private let rounds: Int

    /// - Parameters: give either `rank`, 1 to the full rank, or `fraction` of the full rank, above 0 to 1.
    public init(
        layers: LayerSelection, rank: Int? = nil, fraction: Double? = nil, scheme: Scheme = .twoStage,
        fit: FactorFit = .weights, rounds: Int = 3
    ) {
        self.layers = layers
        self.rank = Rank(rank: rank, fraction: fraction)
        self.scheme = scheme
        self.fit = fit
        self.rounds = rounds
    }

    public init(layers: LayerSelection, parameters: StepParameters) {
        self.init(
            layers: layers, rank: parameters.integer("rank"), fraction: parameters.number("fraction"),
            scheme: parameters.choice("scheme"), fit: parameters.choice("fit"),
            rounds: parameters.integer("rounds") ?? 3)
    }

    public var parameters: [String: ParameterValue] {
        var parameters = rank.parameters.merging(fit.parameters) { $1 }
        if scheme != .twoStage { parameters["scheme"] = .text(scheme.rawValue) }
        if fit != .weights { parameters["rounds"] = .integer(rounds) }
        return parameters
    }

    public var category: StepCategory { .decomposition }

    /// The full rank of a float convolution with a kernel of more than one row and column, or nil for another layer.
    public static func fullRank(of layer: String, in network: Network, scheme: Scheme = .twoStage) -> Int? {
        guard let (node, weights) = network.floatLayer(layer), let convolution = node.operation as? Convolution2D,
            case let shape = weights.shape, shape[1] > 1, shape[2] > 1
        else { return nil }
        return switch scheme {
        case .twoStage: min(shape[3] * shape[1], shape[2] * shape[0] / convolution.groups)
        case .channelBasis: shape[1] * shape[2]
        }
    }

    public func transform(
        _ compressed: CompressedNetwork, layers: [String], observing observer: any ActivationObserver
    ) throws -> StepOutcome {
        let admitted = try self.layers.admit(layers, to: "spatial decomposition") { layer in
            Self.fullRank(of: layer, in: compressed.network) == nil
                ? "not a float convolution with a kernel of several rows and columns" : nil
        }
        var result = compressed
        let touched = try result.replaceInTurn(admitted) { network, node, weights in
            guard let convolution = node.operation as? Convolution2D,
                let full = Self.fullRank(of: node.name, in: network, scheme: scheme)
            else { return [] }
            let rank = try rank.resolve(full: full, layer: node.name)
            let metrics = try fit.metrics(of: node, in: network, groups: convolution.groups, observing: observer)
            let kernel = KernelExtents(weights.shape)
            var (factors, offsets): ([any SeparableFactors], [Double]) = ([], [])
            for (filters, metric) in zip(weights.filters(groups: convolution.groups), metrics) {
                var group: any SeparableFactors =
                    switch scheme {
                    case .twoStage: try TwoStageFactors(filters, kernel: kernel, rank: rank)
                    case .channelBasis: try ChannelBasisFactors(filters, kernel: kernel, rank: rank)
                    }
                if fit != .weights { try group.refit(to: filters, metric: metric, rounds: rounds) }
                factors.append(group)
                offsets += metric.offsets(filters.minus(group.product))
            }
            var stages = type(of: factors[0]).stages(factors, of: convolution)
            if fit != .weights { stages[stages.count - 1].bias = network.bias(of: node, plus: offsets) }
            return stages
        }
        return StepOutcome(result, touched: touched)
    }
}
