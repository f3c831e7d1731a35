import Diagnostics
import Networks
import Tensors

/// A convolution becomes a grouped pointwise one and a grouped kernel, over clusters of alike inputs and alike outputs.
///
/// Inputs and outputs fall into clusters of equal size by k-means over their weights, with the fit to responses over weights
/// scaled by the covariance of the layer's inputs. Each block of an input and an output cluster, as a matrix of channels by
/// (output, place), keeps its `rank` leading singular vectors, so that the error in weights is the sum of the dropped squares of
/// all blocks; the kernels are the least squares fit to weights or responses. Channels are brought into the order of their
/// clusters before and back behind. Weights: `C * outputClusters * rank + N * height * width * inputClusters * rank`.
public struct BiclusteredSVD: CompressionStep {
    public static let description = StepDescription(
        name: "biclustered-svd",
        summary: "Splits a convolution in grouped ones of low rank over clusters of inputs and outputs",
        citation: "Denton, Zaremba, Bruna, LeCun, Fergus: Exploiting Linear Structure Within ConvNets, 2014",
        parameters: [
            ParameterDescription(
                "inputClusters", "Clusters of inputs; they divide the input channels", .integer(1...4096, default: 2)),
            ParameterDescription(
                "outputClusters", "Clusters of outputs; they divide the output channels", .integer(1...4096, default: 2)
            ),
            ParameterDescription(
                "rank", "Singular values kept of a block; give this or a fraction",
                .integer(1...1_048_576, default: nil)),
            Rank.fractionParameter, FactorFit.parameter,
        ], categories: [.decomposition], profits: [.storage, .products])

    public var layers: LayerSelection
    private let inputClusters: Int
    private let outputClusters: Int
    private let rank: Rank
    private let fit: FactorFit

    /// - Parameters: give either `rank`, 1 to the full rank of a block, or `fraction` of it, above 0 to 1.
    public init(
        layers: LayerSelection, inputClusters: Int = 2, outputClusters: Int = 2, rank: Int? = nil,
        fraction: Double? = nil, fit: FactorFit = .weights
    ) {
        self.layers = layers
        self.inputClusters = inputClusters
        self.outputClusters = outputClusters
        self.rank = Rank(rank: rank, fraction: fraction)
        self.fit = fit
    }

    public init(layers: LayerSelection, parameters: StepParameters) {
        self.init(
            layers: layers, inputClusters: parameters.integer("inputClusters") ?? 2,
            outputClusters: parameters.integer("outputClusters") ?? 2, rank: parameters.integer("rank"),
            fraction: parameters.number("fraction"), fit: parameters.choice("fit"))
    }

    public var parameters: [String: ParameterValue] {
        var parameters = rank.parameters.merging(fit.parameters) { $1 }
        parameters["inputClusters"] = .integer(inputClusters)
        parameters["outputClusters"] = .integer(outputClusters)
        return parameters
    }

    public var category: StepCategory { .decomposition }

    public func transform(
        _ compressed: CompressedNetwork, layers: [String], observing observer: any ActivationObserver
    ) throws -> StepOutcome {
        let admitted = try self.layers.admit(layers, to: "biclustered SVD") { refusal(of: $0, in: compressed.network) }
        var result = compressed
        let touched = try result.replaceInTurn(admitted) { network, node, weights in
            guard let convolution = node.operation as? Convolution2D else { return [] }
            let kernel = KernelExtents(weights.shape)
            let places = kernel.height * kernel.width
            let full = min(kernel.depth / inputClusters, weights.shape[0] / outputClusters * places)
            let rank = try rank.resolve(full: full, layer: node.name)
            let metric = try fit.metrics(of: node, in: network, groups: 1, observing: observer)[0]
            let filters = weights.filters(groups: 1)[0]
            let blocks = try BiclusteredBlocks(
                filters, kernel: kernel, inputClusters: inputClusters, outputClusters: outputClusters, rank: rank,
                metric: metric)
            let bias = network.bias(of: node, plus: metric.offsets(filters.minus(blocks.product)))
            return blocks.stages(of: convolution, kernel: kernel, bias: bias)
        }
        return StepOutcome(result, touched: touched)
    }

    private func refusal(of layer: String, in network: Network) -> String? {
        guard let shape = network.plainConvolution(layer)?.weights.shape else {
            return "not a float convolution without groups"
        }
        let (inputs, outputs) = (shape[3], shape[0])
        guard inputs % inputClusters == 0, outputs % outputClusters == 0 else {
            return
                "\(inputClusters) and \(outputClusters) clusters cannot have equal shares of \(inputs) inputs and \(outputs) outputs"
        }
        return nil
    }
}

extension BiclusteredBlocks {
    fileprivate func stages(of convolution: Convolution2D, kernel: KernelExtents, bias: Tensor?) -> [LayerStage] {
        let (groups, clusters) = (bases.count, kernels.count)
        let width = kernel.depth / groups
        var stages: [LayerStage] = []
        if inputOrder != inputOrder.sorted() {
            stages.append(LayerStage(operation: ChannelSelection(channels: inputOrder)))
        }
        let pointwise = bases.flatMap { $0.flatMap { $0.transposed.elements.map(Float.init) } }
        stages.append(
            LayerStage(
                operation: Convolution2D(groups: groups),
                weights: Tensor([groups * clusters * rank, 1, 1, width], pointwise)))
        if groups > 1, clusters > 1 {
            let order = (0..<groups * clusters * rank).map { place in
                let (cluster, group, term) = (place / (groups * rank), place / rank % groups, place % rank)
                return (group * clusters + cluster) * rank + term
            }
            stages.append(LayerStage(operation: ChannelSelection(channels: order)))
        }
        let grouped = Convolution2D(
            window: convolution.window, groups: clusters, activation: convolution.activation)
        let filters = Tensor(
            [outputOrder.count, kernel.height, kernel.width, groups * rank],
            kernels.flatMap { $0.elements.map(Float.init) })
        return stages + LayerStage.ordered(grouped, weights: filters, bias: bias, outputs: outputOrder)
    }
}
