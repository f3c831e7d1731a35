import Diagnostics
import Networks
import Tensors

/// A convolution becomes a pointwise one to a few colours and a grouped one of which every filter reads one colour.
///
/// Meant for first layers. Every filter is the product of a colour, shared by `outputs / colours` filters, and a kernel of one
/// channel; which filter reads which colour, colours and kernels minimize in turn the squared error of the weights, or with the
/// fit to responses that weighted by the covariance of the layer's inputs. With a colour for each filter the error is the sum of
/// all squared singular values of the filters but the largest of each. Weights: `colours * C + N * height * width` for
/// `N * height * width * C`; filters of one colour lie side by side, so that outputs are brought back into their order behind.
public struct MonochromaticDecomposition: CompressionStep {
    public static let description = StepDescription(
        name: "monochromatic-decomposition",
        summary: "Splits a first convolution in a pointwise one to few colours and kernels of single colours",
        citation: "Denton, Zaremba, Bruna, LeCun, Fergus: Exploiting Linear Structure Within ConvNets, 2014",
        parameters: [
            ParameterDescription(
                "colours", "Colours; they divide the output channels", .integer(1...1_048_576, default: nil)),
            ParameterDescription(
                "fraction", "Colours as a part of the output channels, rounded to a number that divides them",
                .number(0.0001...1, default: nil)),
            FactorFit.parameter,
        ], categories: [.decomposition], profits: [.storage, .products])

    public var layers: LayerSelection
    private let rank: Rank
    private let fit: FactorFit

    /// - Parameters: give either `colours`, a divisor of the output channels, or `fraction` of them, above 0 to 1.
    public init(layers: LayerSelection, colours: Int? = nil, fraction: Double? = nil, fit: FactorFit = .weights) {
        self.layers = layers
        rank = Rank(rank: colours, fraction: fraction)
        self.fit = fit
    }

    public init(layers: LayerSelection, parameters: StepParameters) {
        self.init(
            layers: layers, colours: parameters.integer("colours"), fraction: parameters.number("fraction"),
            fit: parameters.choice("fit"))
    }

    public var parameters: [String: ParameterValue] {
        var parameters = fit.parameters
        if let colours = rank.rank { parameters["colours"] = .integer(colours) }
        if let fraction = rank.fraction { parameters["fraction"] = .number(fraction) }
        return parameters
    }

    public var category: StepCategory { .decomposition }

    public func transform(
        _ compressed: CompressedNetwork, layers: [String], observing observer: any ActivationObserver
    ) throws -> StepOutcome {
        let admitted = try self.layers.admit(layers, to: "monochromatic decomposition") { layer in
            TuckerDecomposition.fullRank(of: layer, in: compressed.network) == nil
                ? "not a float convolution without groups and with a kernel above 1x1" : nil
        }
        var result = compressed
        let touched = try result.replaceInTurn(admitted) { network, node, weights in
            guard let convolution = node.operation as? Convolution2D else { return [] }
            let outputs = weights.shape[0]
            var colours = try rank.resolve(full: outputs, layer: node.name, name: "colours")
            if rank.fraction != nil {
                colours = (1...outputs).filter { outputs % $0 == 0 }.min { abs($0 - colours) < abs($1 - colours) } ?? 1
            }
            guard outputs % colours == 0 else {
                throw Diagnostic(
                    layer: node.name, "\(colours) colours cannot have equal shares of \(outputs) output channels")
            }
            let metric = try fit.metrics(of: node, in: network, groups: 1, observing: observer)[0]
            let kernel = KernelExtents(weights.shape)
            let filters = weights.filters(groups: 1)[0]
            let mono = try MonochromaticFilters(filters, kernel: kernel, colours: colours, metric: metric)
            let bias = network.bias(of: node, plus: metric.offsets(filters.minus(mono.product)))
            return mono.stages(of: convolution, kernel: kernel, bias: bias)
        }
        return StepOutcome(result, touched: touched)
    }
}

extension MonochromaticFilters {
    fileprivate func stages(of convolution: Convolution2D, kernel: KernelExtents, bias: Tensor?) -> [LayerStage] {
        let order = clusters.order
        let grouped = Convolution2D(
            window: convolution.window, groups: colours.rows, activation: convolution.activation)
        let filters = order.flatMap { output in (0..<kernels.columns).map { Float(kernels[output, $0]) } }
        return [.pointwise(colours)]
            + LayerStage.ordered(
                grouped, weights: Tensor([order.count, kernel.height, kernel.width, 1], filters), bias: bias,
                outputs: order)
    }
}
