import Diagnostics
public import Networks
import Tensors

/// A convolution becomes a pointwise one to `inputRank` channels, the kernel to `outputRank` channels, and a pointwise one.
///
/// Tucker-2 by higher-order orthogonal iteration from the truncated higher-order singular vectors. Weights:
/// `S*R3 + height*width*R3*R4 + T*R4` for `height*width*S*T`. Fitted to responses, the last factor and the bias are the least
/// squares fit to the layer's responses given the first two. Ranks by `evbmf` are those of the unfoldings of the weights along
/// inputs and outputs that stand above the noise; a layer without any is left as it is.
public struct TuckerDecomposition: CompressionStep {
    public static let description = StepDescription(
        name: "tucker-decomposition",
        summary: "Splits a convolution in a pointwise one, a smaller kernel and another pointwise one",
        citation:
            "Kim, Park, Yoo, Choi, Yang, Shin: Compression of Deep CNNs for Fast and Low Power Mobile Applications, 2016",
        parameters: [
            ParameterDescription(
                "inputRank", "Channels between the first and second stage; give this or a fraction",
                .integer(1...1_048_576, default: nil)),
            ParameterDescription(
                "outputRank", "Channels between the second and third stage; give this or a fraction",
                .integer(1...1_048_576, default: nil)),
            ParameterDescription(
                "fraction", "Part of both full ranks kept, at least rank 1; give this or the ranks",
                .number(0.0001...1, default: nil)),
            RankSource.parameter,
            ParameterDescription("iterations", "Rounds of orthogonal iteration", .integer(0...100, default: 5)),
            FactorFit.parameter,
        ], categories: [.decomposition], profits: [.storage, .products])

    public var layers: LayerSelection
    private let inputRank: Int?
    private let outputRank: Int?
    private let fraction: Double?
    private let ranks: RankSource
    private let iterations: Int
    private let fit: FactorFit

    /// - Parameters: give either both ranks, 1 to the channels of that side, or `fraction` of both, or ranks by `evbmf`.
    public init(
        layers: LayerSelection, inputRank: Int? = nil, outputRank: Int? = nil, fraction: Double? = nil,
        ranks: RankSource = .given, iterations: Int = 5, fit: FactorFit = .weights
    ) {
        self.layers = layers
        self.inputRank = inputRank
        self.outputRank = outputRank
        self.fraction = fraction
        self.ranks = ranks
        self.iterations = iterations
        self.fit = fit
    }

    public init(layers: LayerSelection, parameters: StepParameters) {
        self.init(
            layers: layers, inputRank: parameters.integer("inputRank"), outputRank: parameters.integer("outputRank"),
            fraction: parameters.number("fraction"), ranks: parameters.choice("ranks"),
            iterations: parameters.integer("iterations") ?? 5, fit: parameters.choice("fit"))
    }

    public var parameters: [String: ParameterValue] {
        var parameters = fit.parameters
        parameters["iterations"] = .integer(iterations)
        if let inputRank { parameters["inputRank"] = .integer(inputRank) }
        if let outputRank { parameters["outputRank"] = .integer(outputRank) }
        if let fraction { parameters["fraction"] = .number(fraction) }
        if ranks != .given { parameters["ranks"] = .text(ranks.rawValue) }
        return parameters
    }

    public var category: StepCategory { .decomposition }

    /// The full ranks of a float convolution without groups and with a kernel above 1x1, or nil for another layer.
    public static func fullRank(of layer: String, in network: Network) -> (input: Int, output: Int)? {
        guard let shape = network.plainConvolution(layer)?.weights.shape, shape[1] * shape[2] > 1 else { return nil }
        let (outputs, window, inputs) = (shape[0], shape[1] * shape[2], shape[3])
        return (min(inputs, outputs * window), min(outputs, inputs * window))
    }

    public func transform(
        _ compressed: CompressedNetwork, layers: [String], observing observer: any ActivationObserver
    ) throws -> StepOutcome {
        let admitted = try self.layers.admit(layers, to: "Tucker decomposition") { layer in
            Self.fullRank(of: layer, in: compressed.network) == nil
                ? "not a float convolution without groups and with a kernel above 1x1" : nil
        }
        var result = compressed
        var remarks: [String] = []
        let touched = try result.replaceInTurn(admitted) { network, node, weights in
            guard let convolution = node.operation as? Convolution2D else { return [] }
            let (input, output) = try resolveRanks(of: node, weights: weights)
            if ranks == .evbmf {
                remarks.append("layer '\(node.name)': ranks \(input) and \(output) stand above the noise")
            }
            guard input > 0, output > 0 else { return [] }
            let tucker = try TuckerFactors(weights, inputRank: input, outputRank: output, iterations: iterations)
            guard fit != .weights else { return tucker.stages(of: convolution) }
            let (last, bias) = try fit.lastFactor(
                combining: tucker.features, of: node, weights, in: network, observing: observer)
            return tucker.stages(of: convolution, last: last, bias: bias)
        }
        return StepOutcome(result, touched: touched, remarks: remarks)
    }

    /// The two ranks of a layer; one may not be above the kernel's places times the other.
    private func resolveRanks(of node: Node, weights: Tensor) throws -> (input: Int, output: Int) {
        let window = weights.shape[1] * weights.shape[2]
        let (inputs, outputs) = (weights.shape[3], weights.shape[0])
        var input = try Rank(rank: inputRank, fraction: fraction, source: ranks).resolve(
            full: min(inputs, outputs * window), layer: node.name, name: "inputRank"
        ) { TuckerFactors.unfoldings(of: weights).byInput }
        var output = try Rank(rank: outputRank, fraction: fraction, source: ranks).resolve(
            full: min(outputs, inputs * window), layer: node.name, name: "outputRank"
        ) { TuckerFactors.unfoldings(of: weights).byOutput }
        if fraction != nil || ranks == .evbmf {
            (input, output) = (min(input, output * window), min(output, input * window))
        }
        guard input <= output * window, output <= input * window else {
            throw Diagnostic(
                layer: node.name,
                "ranks \(input) and \(output): neither may be above \(window) times the other, the kernel's places")
        }
        return (input, output)
    }
}

extension TuckerFactors {
    /// The three layers; `last` and `bias` in the place of the last factor and the layer's bias.
    fileprivate func stages(of convolution: Convolution2D, last: Matrix? = nil, bias: Tensor? = nil) -> [LayerStage] {
        let plain = LayerStage(operation: Convolution2D(activation: convolution.activation), weights: self.last)
        return [
            LayerStage(operation: Convolution2D(), weights: first),
            LayerStage(operation: Convolution2D(window: convolution.window), weights: core),
            last.map { .pointwise($0, activation: convolution.activation, bias: bias) } ?? plain,
        ]
    }
}
