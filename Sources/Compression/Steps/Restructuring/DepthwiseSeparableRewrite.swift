import Diagnostics
import Networks
import Tensors

/// A convolution becomes a depthwise one with `multiplier` filters a channel and a pointwise one.
///
/// Fitted to the responses of the original layer on the inputs that the network rewritten so far gives: alternating least
/// squares, in which each channel's filters and their mix are solved exactly (`GroupedFactors`). Products are
/// `multiplier * (1 / outputs + 1 / (height * width))` of the convolution's; exact where the kernel of every input channel has
/// rank `multiplier`. It does not train: what least squares cannot recover is left to later fine-tuning.
public struct DepthwiseSeparableRewrite: CompressionStep {
    public static let description = StepDescription(
        name: "depthwise-separable-rewrite",
        summary: "Replaces a convolution by a depthwise and a pointwise one, fitted to its responses",
        citation:
            "Howard, Zhu, Chen, Kalenichenko, Wang, Weyand, Andreetto, Adam: MobileNets: Efficient Convolutional Neural Networks for Mobile Vision Applications, 2017",
        parameters: [
            ParameterDescription(
                "multiplier", "Depthwise filters of each channel, at most the places of the kernel",
                .integer(1...1024, default: 1)),
            ParameterDescription("iterations", "Rounds of alternating least squares", .integer(0...100, default: 4)),
            FitTarget.parameter,
        ], categories: [.restructuring], profits: [.storage, .products])

    public var layers: LayerSelection
    private let multiplier: Int
    private let iterations: Int
    private let fit: FitTarget

    package init(
        layers: LayerSelection, multiplier: Int = 1, iterations: Int = 4, fit: FitTarget = .responses
    ) {
        (self.layers, self.multiplier, self.iterations, self.fit) = (layers, multiplier, iterations, fit)
    }

    public init(layers: LayerSelection, parameters: StepParameters) {
        self.init(
            layers: layers, multiplier: parameters.integer("multiplier") ?? 1,
            iterations: parameters.integer("iterations") ?? 4, fit: parameters.choice("fit"))
    }

    public var parameters: [String: ParameterValue] {
        [
            "multiplier": .integer(multiplier), "iterations": .integer(iterations), "fit": .text(fit.rawValue),
        ]
    }

    public var category: StepCategory { .restructuring }

    public func transform(
        _ compressed: CompressedNetwork, layers: [String], observing observer: any ActivationObserver
    ) throws -> StepOutcome {
        let admitted = try self.layers.admit(layers, to: "a depthwise-separable rewrite") { layer in
            guard let weights = compressed.network.plainConvolution(layer)?.weights,
                weights.shape[1] * weights.shape[2] > 1
            else { return "not a float convolution in one group with a kernel above 1x1" }
            return nil
        }
        var (result, remarks) = (compressed, [String]())
        var original = OriginalResponses(compressed.network, of: admitted)
        let touched = try result.rewriteInTurn(admitted) { network, node, weights in
            let moments = try fit.moments(
                of: node, in: network.network, against: &original, observing: observer)
            let (stages, error) = try stages(of: node, weights: weights, moments: moments)
            remarks.append(Diagnostic.fitRemark(layer: node.name, error: error))
            return try network.replace(layer: node.name, with: stages)
        }
        return StepOutcome(result, touched: touched, remarks: remarks)
    }

    private func stages(
        of node: Node, weights: Tensor, moments: ResponseMoments
    ) throws -> (stages: [LayerStage], error: Double) {
        guard let convolution = node.operation as? Convolution2D else { return ([], 0) }
        let (outputs, places, inputs) = (weights.shape[0], weights.shape[1] * weights.shape[2], weights.shape[3])
        let full = min(places, outputs)
        guard (1...full).contains(multiplier) else {
            throw Diagnostic(layer: node.name, "multiplier \(multiplier) is outside 1...\(full), the full rank")
        }
        let start = Matrix(rows: outputs, columns: places * inputs, elements: weights.floats.map(Double.init))
        let factors = try GroupedFactors(
            moments, blocks: (0..<inputs).map { channel in (0..<places).map { $0 * inputs + channel } },
            rank: multiplier, start: start.transposed, iterations: iterations)
        let maps = inputs * multiplier
        let filters = (0..<places * maps).map { place in
            let (at, map) = (place / maps, place % maps)
            return Float(factors.kernels[map / multiplier][at, map % multiplier])
        }
        let bias = moments.offsets(for: factors.weights).map(Float.init)
        let stages = [
            LayerStage(
                operation: DepthwiseConvolution2D(window: convolution.window),
                weights: Tensor([1, weights.shape[1], weights.shape[2], maps], filters)),
            .pointwise(factors.mix, activation: convolution.activation, bias: Tensor([outputs], bias)),
        ]
        return (stages, moments.relativeError(of: factors.weights))
    }
}
