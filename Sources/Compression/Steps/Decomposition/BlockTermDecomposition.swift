import Diagnostics
import Networks
import Tensors

/// A convolution becomes a pointwise one, a grouped one with a group a block, and a pointwise one.
///
/// The filters as a sum of Tucker-2 products with input and output subspaces of their own, each fitted in turn to what the
/// others leave; the last factor of all blocks together is then the least squares fit to the weights or to the layer's
/// responses. A block-diagonal core is a grouped convolution. Weights: `R * (S * R3 + height * width * R3 * R4 + T * R4)`.
public struct BlockTermDecomposition: CompressionStep {
    public static let description = StepDescription(
        name: "block-term-decomposition",
        summary: "Splits a convolution in a pointwise one, a grouped kernel and another pointwise one",
        citation: "Wang, Cheng: Accelerating Convolutional Neural Networks for Mobile Applications, 2016",
        parameters: [
            ParameterDescription("blocks", "Blocks, the groups of the kernel", .integer(1...4096, default: 4)),
            ParameterDescription(
                "inputRank", "Channels that a block reads; give this and the other rank, or a fraction",
                .integer(1...1_048_576, default: nil)),
            ParameterDescription(
                "outputRank", "Channels that a block writes; give this and the other rank, or a fraction",
                .integer(1...1_048_576, default: nil)),
            ParameterDescription(
                "fraction", "Part of both full ranks kept by all blocks together, at least rank 1 a block",
                .number(0.0001...1, default: nil)),
            ParameterDescription("rounds", "Rounds over all blocks", .integer(1...1000, default: 5)),
            FactorFit.parameter,
        ], categories: [.decomposition], profits: [.storage, .products])

    public var layers: LayerSelection
    private let blocks: Int
    private let inputRank: Int?
    private let outputRank: Int?
    private let fraction: Double?
    private let rounds: Int
    private let fit: FactorFit

    /// - Parameters: give either both ranks of a block or `fraction` of both full ranks for all blocks together.
    public init(
        layers: LayerSelection, blocks: Int = 4, inputRank: Int? = nil, outputRank: Int? = nil,
        fraction: Double? = nil, rounds: Int = 5, fit: FactorFit = .weights
    ) {
        self.layers = layers
        self.blocks = blocks
        self.inputRank = inputRank
        self.outputRank = outputRank
        self.fraction = fraction
        self.rounds = rounds
        self.fit = fit
    }

    public init(layers: LayerSelection, parameters: StepParameters) {
        self.init(
            layers: layers, blocks: parameters.integer("blocks") ?? 4, inputRank: parameters.integer("inputRank"),
            outputRank: parameters.integer("outputRank"), fraction: parameters.number("fraction"),
            rounds: parameters.integer("rounds") ?? 5, fit: parameters.choice("fit"))
    }

    public var parameters: [String: ParameterValue] {
        var parameters = fit.parameters
        parameters["blocks"] = .integer(blocks)
        if let inputRank { parameters["inputRank"] = .integer(inputRank) }
        if let outputRank { parameters["outputRank"] = .integer(outputRank) }
        if let fraction { parameters["fraction"] = .number(fraction) }
        parameters["rounds"] = .integer(rounds)
        return parameters
    }

    public var category: StepCategory { .decomposition }

    public func transform(
        _ compressed: CompressedNetwork, layers: [String], observing observer: any ActivationObserver
    ) throws -> StepOutcome {
        let admitted = try self.layers.admit(layers, to: "block-term decomposition") { layer in
            guard let full = TuckerDecomposition.fullRank(of: layer, in: compressed.network) else {
                return "not a float convolution without groups and with a kernel above 1x1"
            }
            let least = min(full.input, full.output)
            return least < blocks ? "\(blocks) blocks are more than the full rank \(least)" : nil
        }
        var result = compressed
        let touched = try result.replaceInTurn(admitted) { network, node, weights in
            guard let convolution = node.operation as? Convolution2D else { return [] }
            let (input, output) = try resolveRanks(of: node.name, shape: weights.shape)
            let terms = try BlockTerms(weights, blocks: blocks, inputRank: input, outputRank: output, rounds: rounds)
            let (last, bias) = try fit.lastFactor(
                combining: terms.features, of: node, weights, in: network, observing: observer)
            return terms.stages(of: convolution, last: last, bias: bias)
        }
        return StepOutcome(result, touched: touched)
    }

    /// The ranks of one block.
    private func resolveRanks(of layer: String, shape: Shape) throws -> (input: Int, output: Int) {
        let window = shape[1] * shape[2]
        func resolve(_ rank: Int?, full: Int, name: String) throws -> Int {
            try Rank(rank: rank, fraction: fraction).resolve(full: full / blocks, layer: layer, name: name)
        }
        let input = try resolve(inputRank, full: min(shape[3], shape[0] * window), name: "inputRank")
        let output = try resolve(outputRank, full: min(shape[0], shape[3] * window), name: "outputRank")
        if fraction != nil { return (min(input, output * window), min(output, input * window)) }
        guard input <= output * window, output <= input * window else {
            throw Diagnostic(
                layer: layer,
                "ranks \(input) and \(output): neither may be above \(window) times the other, the kernel's places")
        }
        return (input, output)
    }
}

extension BlockTerms {
    fileprivate func stages(of convolution: Convolution2D, last: Matrix, bias: Tensor?) -> [LayerStage] {
        let (first, core) = (blocks[0].first.shape, blocks[0].core.shape)
        return [
            LayerStage(
                operation: Convolution2D(),
                weights: Tensor([blocks.count * first[0], 1, 1, first[3]], blocks.flatMap(\.first.floats))),
            LayerStage(
                operation: Convolution2D(window: convolution.window, groups: blocks.count),
                weights: Tensor([blocks.count * core[0], core[1], core[2], core[3]], blocks.flatMap(\.core.floats))),
            .pointwise(last, activation: convolution.activation, bias: bias),
        ]
    }
}
