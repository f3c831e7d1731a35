import Diagnostics
public import Networks
import Tensors

/// A convolution becomes a pointwise one to `rank` channels, two depthwise ones along height and width, and a pointwise one.
///
/// Canonical polyadic factors of the filters as a tensor of four axes, by alternating least squares. A best fit may not exist:
/// where the terms' own norm passes `degeneracy` times the filters', terms are held down, and a remark says so. Weights:
/// `rank * (S + height + width + T)` for `height * width * S * T`. Fitted to responses, the last factor and the bias are the
/// least squares fit to the layer's responses given the others.
public struct CanonicalDecomposition: CompressionStep {
    public static let description = StepDescription(
        name: "cp-decomposition",
        summary: "Splits a convolution in pointwise, vertical, horizontal and pointwise ones of single channels",
        citation:
            "Lebedev, Ganin, Rakhuba, Oseledets, Lempitsky: Speeding-up CNNs Using Fine-tuned CP-Decomposition, 2015",
        parameters: [
            ParameterDescription(
                "rank", "Terms; give this or a fraction", .integer(1...1_048_576, default: nil)),
            Rank.fractionParameter,
            ParameterDescription(
                "iterations", "Rounds of least squares over all factors", .integer(1...10_000, default: 100)),
            ParameterDescription(
                "degeneracy", "Norm of the terms over that of the filters from which terms are held down",
                .number(1...1e6, default: 5)),
            FactorFit.parameter,
        ], categories: [.decomposition], profits: [.storage, .products])

    public var layers: LayerSelection
    private let rank: Rank
    private let iterations: Int
    private let degeneracy: Double
    private let fit: FactorFit

    /// - Parameters: give either `rank`, 1 to the full rank, or `fraction` of the full rank, above 0 to 1.
    public init(
        layers: LayerSelection, rank: Int? = nil, fraction: Double? = nil, iterations: Int = 100,
        degeneracy: Double = 5, fit: FactorFit = .weights
    ) {
        self.layers = layers
        self.rank = Rank(rank: rank, fraction: fraction)
        self.iterations = iterations
        self.degeneracy = degeneracy
        self.fit = fit
    }

    public init(layers: LayerSelection, parameters: StepParameters) {
        self.init(
            layers: layers, rank: parameters.integer("rank"), fraction: parameters.number("fraction"),
            iterations: parameters.integer("iterations") ?? 100, degeneracy: parameters.number("degeneracy") ?? 5,
            fit: parameters.choice("fit"))
    }

    public var parameters: [String: ParameterValue] {
        var parameters = rank.parameters.merging(fit.parameters) { $1 }
        parameters["iterations"] = .integer(iterations)
        parameters["degeneracy"] = .number(degeneracy)
        return parameters
    }

    public var category: StepCategory { .decomposition }

    /// As many terms as any filters of the layer's extents need at most, or nil for another layer than a float convolution
    /// without groups and with a kernel above 1x1.
    public static func fullRank(of layer: String, in network: Network) -> Int? {
        guard TuckerDecomposition.fullRank(of: layer, in: network) != nil,
            let shape = network.plainConvolution(layer)?.weights.shape
        else { return nil }
        return shape.elementCount / (shape.extents.max() ?? 1)
    }

    public func transform(
        _ compressed: CompressedNetwork, layers: [String], observing observer: any ActivationObserver
    ) throws -> StepOutcome {
        let admitted = try self.layers.admit(layers, to: "CP decomposition") { layer in
            Self.fullRank(of: layer, in: compressed.network) == nil
                ? "not a float convolution without groups and with a kernel above 1x1" : nil
        }
        var result = compressed
        var remarks: [String] = []
        let touched = try result.replaceInTurn(admitted) { network, node, weights in
            guard let convolution = node.operation as? Convolution2D,
                let full = Self.fullRank(of: node.name, in: network)
            else { return [] }
            let rank = try rank.resolve(full: full, layer: node.name)
            let terms = try CanonicalPolyadic(
                weights.floats.map(Double.init), extents: weights.shape.extents, rank: rank, iterations: iterations,
                limit: degeneracy)
            remarks.append(terms.remark(on: node.name))
            guard fit != .weights else { return terms.stages(of: convolution) }
            let (last, bias) = try fit.lastFactor(
                combining: terms.features, of: node, weights, in: network, observing: observer)
            return terms.stages(of: convolution, last: last, bias: bias)
        }
        return StepOutcome(result, touched: touched, remarks: remarks)
    }
}

extension CanonicalPolyadic {
    /// How near the terms come, and whether they had to be held down.
    fileprivate func remark(on layer: String) -> String {
        let (error, growth) = ((relativeError * 1e4).rounded() / 1e4, (degeneracy * 100).rounded() / 100)
        let text = "layer '\(layer)': \(factors[0].columns) terms leave \(error) of the squares"
        return isRegularized
            ? text
                + "; degenerate: terms grew against each other and were held down to \(growth) times the filters' norm"
            : text
    }

    /// The filters of the channels that the last layer combines, `rank x columns`.
    fileprivate var features: Matrix {
        let (vertical, horizontal, inputs) = (factors[1], factors[2], factors[3])
        let (width, depth) = (horizontal.rows, inputs.rows)
        return Matrix(rows: inputs.columns, columns: vertical.rows * width * depth) { term, column in
            vertical[column / (width * depth), term] * horizontal[column / depth % width, term]
                * inputs[column % depth, term]
        }
    }

    /// The four layers; `last` and `bias` in the place of the last factor and the layer's bias.
    fileprivate func stages(of convolution: Convolution2D, last: Matrix? = nil, bias: Tensor? = nil) -> [LayerStage] {
        let (vertical, horizontal) = convolution.window.split
        let kernels = factors.map { $0.transposed.elements.map(Float.init) }
        return [
            .pointwise(factors[3].transposed),
            .depthwise(window: vertical, height: factors[1].rows, width: 1, byChannel: kernels[1]),
            .depthwise(window: horizontal, height: 1, width: factors[2].rows, byChannel: kernels[2]),
            .pointwise(last ?? factors[0], activation: convolution.activation, bias: bias),
        ]
    }
}
