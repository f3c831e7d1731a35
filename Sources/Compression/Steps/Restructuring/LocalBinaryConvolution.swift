import Diagnostics
import FixedPoint
import Networks
import Tensors

/// A convolution becomes fixed random sparse ternary anchors, a clamp at zero, and a pointwise layer that is fitted.
///
/// `m` anchors of `height x width x p` elements in -1, 0, 1 are drawn from a seed, which is all that is stored of them; the
/// pointwise weights, `outputs x m`, and a bias bring `relu(anchors * x)` by least squares nearest to the responses that the
/// layer gave in the network before this step. Fitted weights: `p height width / m` times fewer, `height width` for `m = p`. The
/// paper trains the pointwise weights of a whole network.
public struct LocalBinaryConvolution: CompressionStep {
    public static let description = StepDescription(
        name: "local-binary-convolution",
        summary: "Replaces a convolution by random sparse ternary anchors, a clamp and a fitted pointwise layer",
        citation: "Juefei-Xu, Boddeti, Savvides: Local Binary Convolutional Neural Networks, 2017",
        parameters: [
            ParameterDescription(
                "anchors", "Anchor filters; as many as input channels times the multiple if left out",
                .integer(1...65536, default: nil)),
            ParameterDescription(
                "multiple", "Anchor filters for each input channel; give this or their number",
                .integer(1...64, default: nil)),
            ParameterDescription("density", "Part of the anchors that is not zero", .number(0.001...1, default: 0.5)),
            ParameterDescription("seed", "Of the anchors", .integer(0...Int(UInt32.max), default: 0)),
            ParameterDescription(
                "positions", "Output positions of a case that are looked at", .integer(1...4096, default: 64)),
        ], categories: [.restructuring], profits: [.storage, .zeroSkipping])

    public var layers: LayerSelection
    private let anchors: Int?
    private let multiple: Int?
    private let density: Double
    private let seed: Int
    private let positions: Int

    public init(layers: LayerSelection, parameters: StepParameters) {
        self.layers = layers
        anchors = parameters.integer("anchors")
        multiple = parameters.integer("multiple")
        density = parameters.number("density") ?? 0.5
        seed = parameters.integer("seed") ?? 0
        positions = parameters.integer("positions") ?? 64
    }

    public var parameters: [String: ParameterValue] {
        var parameters: [String: ParameterValue] = [
            "density": .number(density), "seed": .integer(seed), "positions": .integer(positions),
        ]
        if let anchors { parameters["anchors"] = .integer(anchors) }
        if let multiple { parameters["multiple"] = .integer(multiple) }
        return parameters
    }

    public var category: StepCategory { .restructuring }

    public func transform(
        _ compressed: CompressedNetwork, layers: [String], observing observer: any ActivationObserver
    ) throws -> StepOutcome {
        let admitted = try self.layers.admit(layers, to: Self.description.name) { layer in
            TuckerDecomposition.fullRank(of: layer, in: compressed.network) == nil
                ? "not a float convolution without groups and with a kernel above 1x1" : nil
        }
        var result = compressed
        var touched: [String] = []
        let remarks = try result.changeEach(admitted) { result, place in
            let node = result.network.nodes[place]
            guard let convolution = node.operation as? Convolution2D,
                let shape = node.weights.map({ result.network[$0].shape })
            else { return [] }
            let count = try anchorCount(filters: shape, layer: node.name)
            let drawn = RandomAnchors.composition(seed: UInt32(truncatingIfNeeded: seed), density: Float(density))
            let filters: Shape = [count, shape[1], shape[2], shape[3]]
            let anchors = Tensor(filters, try drawn.elements(shape: filters))
            let fit = try pointwise(
                anchors, of: node, in: result.network, before: compressed.network, observing: observer)
            let stages = try result.replace(
                layer: node.name,
                with: [
                    LayerStage(
                        operation: Convolution2D(window: convolution.window, activation: .relu), weights: anchors),
                    LayerStage(
                        operation: Convolution2D(activation: convolution.activation), weights: fit.weights,
                        bias: fit.bias),
                ])
            if let place = result.network.place(ofLayer: stages[0]), let id = result.network.nodes[place].weights {
                result.compositions[result.network[id].name] = drawn
                result.grids[result.network[id].name] = Quantization(format: .ternary, scale: 1)
            }
            touched += stages
            let (before, after) = (shape.elementCount, shape[0] * count)
            return ["layer '\(node.name)': \(after) fitted weights for \(before)"]
        }
        return StepOutcome(result, touched: touched, remarks: remarks)
    }

    /// - Throws: `Diagnostic` also for so many anchors that the pointwise layer has more weights than the convolution.
    private func anchorCount(filters: Shape, layer: String) throws -> Int {
        guard anchors == nil || multiple == nil else {
            throw Diagnostic(layer: layer, "give either anchors or multiple")
        }
        let (count, most) = (anchors ?? filters[3] * (multiple ?? 1), filters[1] * filters[2] * filters[3])
        guard count <= most else {
            throw Diagnostic(
                layer: layer,
                "\(count) anchors ask for more weights than the layer has: at most \(most), those of a filter")
        }
        return count
    }

    /// The pointwise weights and bias of the layer that comes nearest to the responses before this step.
    private func pointwise(
        _ anchors: Tensor, of node: Node, in network: Network, before: Network,
        observing observer: any ActivationObserver
    ) throws -> (weights: Tensor, bias: Tensor) {
        guard let patches = LayerPatches(node, in: network), let original = before.node(ofLayer: node.name) else {
            throw Diagnostic(layer: node.name, "no responses can be fitted")
        }
        let places = patches.spread(positions)
        let responses = try observer.responses(of: original, in: before, positions: positions)
        let count = anchors.shape[0]
        let kernels = Matrix(rows: count, columns: patches.columns, elements: anchors.floats.map(Double.init))
            .transposed
        var moments = LayerMoments(columns: count, targets: patches.groupOutputs)
        var seen = 0
        try observer.observe([node.inputs[0]], of: network) { tensors in
            var hidden = patches.matrix(of: tensors[0], at: places).times(kernels)
            for place in hidden.elements.indices { hidden.elements[place] = max(0, hidden.elements[place]) }
            moments.add(hidden, targets: responses[seen][0])
            seen += 1
        }
        guard seen > 0 else { throw Diagnostic.withoutCases(layer: node.name) }
        let fit = try moments.leastSquares(damping: 1e-6)
        let outputs = patches.groupOutputs
        let weights = fit.weights.transposed.elements.map { Float($0) }
        return (Tensor([outputs, 1, 1, count], weights), Tensor([outputs], fit.offsets.map { Float($0) }))
    }
}
