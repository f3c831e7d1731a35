import Diagnostics
public import Networks
import Tensors

/// A convolution or fully connected layer becomes one of `rank` filters and a pointwise one, fitted to the responses of the network
/// as it was.
///
/// With `y` the layer's responses in the given network and `z` those of its own filters to what the compressed network so far
/// gives it (asymmetric), the map `M` of rank `rank` and the bias `b` minimize the sum over calibration positions of
/// `|y - (M z + b)|^2`, or of `|clamp(y) - clamp(M z + b)|^2` by the source's relaxation. `M = P Q'`: the first layer has the
/// filters `Q' W`, the second `P`. Multiplications a position: `rank * (columns + outputs)` for `columns * outputs`.
///
/// Under a budget of multiplications the ranks maximize the product over layers of the kept part of the eigenvalues of the
/// responses' covariance; a layer that no rank makes cheaper, or that is worth its cost, is left whole.
public struct ResponseDecomposition: CompressionStep {
    /// How ranks are chosen under a budget.
    public enum Selection: String, Sendable, Hashable, CaseIterable {
        /// The optimum of the knapsack.
        case exact
        /// The source's: always the step down that loses the least part of the energy for its cost.
        case greedy
    }

    public static let description = StepDescription(
        name: "response-decomposition",
        summary:
            "Splits a layer in one of fewer filters and a pointwise one, fitted to the responses of the given network",
        citation:
            "Zhang, Zou, He, Sun: Accelerating Very Deep Convolutional Networks for Classification and Detection, 2016",
        parameters: [
            Rank.rankParameter, Rank.fractionParameter,
            ParameterDescription(
                "budget", "Part of the multiplications of all selected layers kept; give this or a rank or fraction",
                .number(0.0001...1, default: nil)),
            ParameterDescription(
                "selection", "How ranks are chosen under a budget",
                .choice(Selection.allCases.map(\.rawValue), default: Selection.exact.rawValue)),
            ParameterDescription(
                "asymmetric", "Fit to what the compressed network gives the layer, not to what the given one does",
                .flag(default: true)),
            ParameterDescription(
                "rounds", "Rounds for each weight of the clamped fit; 0 fits responses before the clamp",
                .integer(0...1000, default: 25)),
            ParameterDescription("positions", "Output positions taken of a case", .integer(1...65536, default: 64)),
        ], categories: [.decomposition], profits: [.storage, .products])

    public var layers: LayerSelection
    private let rank: Rank
    private let budget: Double?
    let selection: Selection
    private let isAsymmetric: Bool
    private let rounds: Int
    let positions: Int

    /// - Parameters: give one of `rank`, 1 to the full rank, `fraction` of the full rank and `budget`, above 0 to 1.
    public init(
        layers: LayerSelection, rank: Int? = nil, fraction: Double? = nil, budget: Double? = nil,
        selection: Selection = .exact, asymmetric: Bool = true, rounds: Int = 25, positions: Int = 64
    ) {
        self.layers = layers
        self.rank = Rank(rank: rank, fraction: fraction)
        self.budget = budget
        self.selection = selection
        isAsymmetric = asymmetric
        self.rounds = rounds
        self.positions = positions
    }

    public init(layers: LayerSelection, parameters: StepParameters) {
        self.init(
            layers: layers, rank: parameters.integer("rank"), fraction: parameters.number("fraction"),
            budget: parameters.number("budget"), selection: parameters.choice("selection"),
            asymmetric: parameters.flag("asymmetric"), rounds: parameters.integer("rounds") ?? 25,
            positions: parameters.integer("positions") ?? 64)
    }

    public var parameters: [String: ParameterValue] {
        var parameters = rank.parameters
        if let budget { parameters["budget"] = .number(budget) }
        parameters["selection"] = .text(selection.rawValue)
        parameters["asymmetric"] = .flag(isAsymmetric)
        parameters["rounds"] = .integer(rounds)
        parameters["positions"] = .integer(positions)
        return parameters
    }

    public var category: StepCategory { .decomposition }

    /// The full rank of a float layer without groups, or nil for another layer.
    public static func fullRank(of layer: String, in network: Network) -> Int? {
        guard let (node, weights) = network.floatLayer(layer),
            node.operation is FullyConnected || (node.operation as? Convolution2D)?.groups == 1
        else { return nil }
        return min(weights.shape[0], weights.shape.elementCount / weights.shape[0])
    }

    public func transform(
        _ compressed: CompressedNetwork, layers: [String], observing observer: any ActivationObserver
    ) throws -> StepOutcome {
        let admitted = try self.layers.admit(layers, to: "response decomposition") { layer in
            Self.fullRank(of: layer, in: compressed.network) == nil
                ? "not a float convolution without groups or fully connected layer" : nil
        }
        let given = compressed.network
        var remarks: [String] = []
        var chosen: [String: Int] = [:]
        if let budget {
            guard rank.rank == nil, rank.fraction == nil else {
                throw Diagnostics(
                    admitted.prefix(1).map { Diagnostic(layer: $0, "give either a budget or a rank or fraction") })
            }
            chosen = try allocate(budget, to: admitted, of: given, observing: observer, remarks: &remarks)
        }
        var result = compressed
        let touched = try result.replaceInTurn(admitted) { network, node, _ in
            guard let full = Self.fullRank(of: node.name, in: given) else { return [] }
            let rank = try budget == nil ? rank.resolve(full: full, layer: node.name) : chosen[node.name]
            guard let rank, let original = given.node(ofLayer: node.name) else { return [] }
            let targets = try SampledResponses(of: original, in: given, observing: observer, positions: positions)
            let predictors =
                try isAsymmetric
                ? SampledResponses(of: node, in: network, observing: observer, positions: positions) : targets
            return try stages(
                of: node, in: network, map: map(from: predictors.matrix, to: targets.matrix, of: node, rank: rank))
        }
        return StepOutcome(result, touched: touched, remarks: remarks)
    }

    private func map(from predictors: Matrix, to targets: Matrix, of node: Node, rank: Int) throws -> LowRankMap {
        let linear = try ReducedRankRegression(predictors: predictors, targets: targets).fit(rank: rank)
        let activation = node.activation
        guard rounds > 0, activation != .none else { return linear }
        let clamp = Clamp(activation)
        let clamped = Matrix(rows: targets.rows, columns: targets.columns, elements: targets.elements.map { clamp($0) })
        return try ClampedRegression(
            start: linear, predictors: predictors, targets: clamped, rank: rank, activation: activation, rounds: rounds
        ).fit
    }

    private func stages(of node: Node, in network: Network, map: LowRankMap) throws -> [LayerStage] {
        guard let weights = node.weights.flatMap({ network[$0].constant }) else { return [] }
        let (outputs, rank) = (map.left.rows, map.right.rows)
        let filters = Matrix(
            rows: outputs, columns: weights.shape.elementCount / outputs, elements: weights.floats.map(Double.init))
        let own = Matrix(
            rows: outputs, columns: 1,
            elements: node.bias.map { network[$0].reals } ?? [Double](repeating: 0, count: outputs))
        let moved = zip(map.left.times(map.right.times(own)).elements, map.offsets).map { Float($0 + $1) }
        let first = Tensor(
            Shape([rank] + weights.shape.extents.dropFirst()), map.right.times(filters).elements.map(Float.init))
        let (activation, bias) = (node.activation, Tensor([outputs], moved))
        guard let convolution = node.operation as? Convolution2D else {
            return [
                LayerStage(operation: FullyConnected(), weights: first),
                .fullyConnected(map.left, activation: activation, bias: bias),
            ]
        }
        return [
            LayerStage(operation: Convolution2D(window: convolution.window), weights: first),
            .pointwise(map.left, activation: activation, bias: bias),
        ]
    }
}

extension Node {
    /// The clamp fused behind a layer.
    var activation: Activation {
        (operation as? Convolution2D)?.activation ?? (operation as? FullyConnected)?.activation ?? .none
    }
}
