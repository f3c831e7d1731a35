import Diagnostics
import Networks
import Tensors

/// A convolution becomes a fire module: a pointwise squeeze with rectifier, and behind it a pointwise and a full kernel side
/// by side, whose outputs are joined.
///
/// The squeeze spans the input directions that matter most to the responses: leading right singular vectors of the kernel's
/// unfolding along its inputs, weighted by the root of the inputs' covariance. Its offsets let features pass the rectifier to
/// a chosen number of deviations; then both kernels are least-squares fits of the original responses on the features
/// that really come out, and the offsets of the smallest error are kept. Of the outputs the first `1 - kernelShare` are pointwise.
/// The squeeze is not refined after the rectifier is in place: that needs training.
public struct FireRewrite: CompressionStep {
    public static let description = StepDescription(
        name: "fire-rewrite",
        summary: "Replaces a convolution by a fire module, fitted to its responses",
        citation:
            "Iandola, Han, Moskewicz, Ashraf, Dally, Keutzer: SqueezeNet: AlexNet-level Accuracy with 50x Fewer Parameters and <0.5MB Model Size, 2016",
        parameters: [
            ParameterDescription(
                "squeezeRatio", "Channels of the squeeze over those of the result, at most those of the input",
                .number(0.001...1, default: 0.125)),
            ParameterDescription(
                "kernelShare", "Part of the outputs that the full kernel computes; the others are pointwise",
                .number(0.001...1, default: 0.5)),
            FitTarget.parameter,
        ], categories: [.restructuring], profits: [.storage, .products])

    public var layers: LayerSelection
    private let squeezeRatio: Double
    private let kernelShare: Double
    private let fit: FitTarget

    package init(
        layers: LayerSelection, squeezeRatio: Double = 0.125, kernelShare: Double = 0.5, fit: FitTarget = .responses
    ) {
        (self.layers, self.squeezeRatio, self.kernelShare, self.fit) = (layers, squeezeRatio, kernelShare, fit)
    }

    public init(layers: LayerSelection, parameters: StepParameters) {
        self.init(
            layers: layers, squeezeRatio: parameters.number("squeezeRatio") ?? 0.125,
            kernelShare: parameters.number("kernelShare") ?? 0.5, fit: parameters.choice("fit"))
    }

    public var parameters: [String: ParameterValue] {
        [
            "squeezeRatio": .number(squeezeRatio), "kernelShare": .number(kernelShare), "fit": .text(fit.rawValue),
        ]
    }

    public var category: StepCategory { .restructuring }

    public func transform(
        _ compressed: CompressedNetwork, layers: [String], observing observer: any ActivationObserver
    ) throws -> StepOutcome {
        let admitted = try self.layers.admit(layers, to: "a fire rewrite") { layer in
            guard let (convolution, weights) = compressed.network.plainConvolution(layer),
                let node = compressed.network.node(ofLayer: layer),
                weights.shape[1] * weights.shape[2] > 1, weights.shape[0] > 1
            else { return "not a float convolution in one group with a kernel above 1x1 and several outputs" }
            let image = compressed.network[node.inputs[0]].shape
            let result = compressed.network[node.outputs[0]].shape
            return convolution.window.hasPointwiseTwin(kernel: weights.shape, image: image, result: result)
                ? nil : "a pointwise kernel under its window gives an image of another size"
        }
        var (result, remarks) = (compressed, [String]())
        var original = OriginalResponses(compressed.network, of: admitted)
        let touched = try result.rewriteInTurn(admitted) { network, node, weights in
            let moments = try fit.moments(
                of: node, in: network.network, against: &original, observing: observer)
            guard let convolution = node.operation as? Convolution2D else { return [] }
            var module = try FireModule(
                weights, window: convolution.window, squeeze: squeezed(weights.shape),
                pointwise: pointwise(weights.shape), moments: moments)
            if fit == .responses {
                let targets = try original(of: node.name, observing: observer)
                try module.refit(node, in: network.network, targets: targets, observing: observer)
            }
            remarks.append(Diagnostic.fitRemark(layer: node.name, error: module.error))
            return try network.replace(node, weights.shape, by: module)
        }
        return StepOutcome(result, touched: touched, remarks: remarks)
    }

    private func squeezed(_ shape: Shape) -> Int {
        min(max(Int((squeezeRatio * Double(shape[0])).rounded()), 1), shape[3])
    }

    /// Outputs of the pointwise kernel.
    private func pointwise(_ shape: Shape) -> Int {
        min(max(shape[0] - Int((kernelShare * Double(shape[0])).rounded()), 1), shape[0] - 1)
    }
}

extension Window {
    /// Whether a pointwise kernel with the same strides meets the same places, at the tap above which no padding lies.
    fileprivate func hasPointwiseTwin(kernel: Shape, image: Shape, result: Shape) -> Bool {
        dilationHeight == 1 && dilationWidth == 1 && padding.top < kernel[1] && padding.left < kernel[2]
            && (image[1] - 1) / strideHeight + 1 == result[1] && (image[2] - 1) / strideWidth + 1 == result[2]
    }
}

extension CompressedNetwork {
    /// Puts a fire module in the place of a convolution; the join keeps the layer's name and result.
    fileprivate mutating func replace(_ node: Node, _ shape: Shape, by module: FireModule) throws -> [String] {
        guard let place = network.place(ofLayer: node.name), let convolution = node.operation as? Convolution2D
        else { return [] }
        let (window, activation) = (convolution.window, convolution.activation)
        let strides = Window(strideHeight: window.strideHeight, strideWidth: window.strideWidth)
        let squeeze = try part(
            "squeeze", of: node, Convolution2D(activation: .relu), node.inputs[0], module.squeezeTensor,
            module.shifts[...])
        let one = try part(
            "pointwise", of: node, Convolution2D(window: strides, activation: activation), squeeze.outputs[0],
            module.pointwiseTensor, module.bias.prefix(module.pointwise))
        let full = try part(
            "kernel", of: node, Convolution2D(window: window, activation: activation), squeeze.outputs[0],
            module.kernelTensor(height: shape[1], width: shape[2]), module.bias.dropFirst(module.pointwise))
        let join = Node(
            name: node.name, operation: Concatenation(axis: 3), inputs: one.outputs + full.outputs,
            outputs: node.outputs)
        network.nodes.replaceSubrange(place...place, with: [squeeze, one, full, join])
        return [squeeze, one, full, join].map(\.name)
    }

    /// A convolution named after the layer of which it becomes a part.
    private mutating func part(
        _ name: String, of node: Node, _ operation: Convolution2D, _ input: ValueID, _ weights: Tensor,
        _ bias: ArraySlice<Double>
    ) throws -> Node {
        let name = network.unusedName("\(node.name).\(name)")
        let operands = [("weights", weights), ("bias", Tensor([bias.count], bias.map(Float.init)))].map {
            network.append(Value(name: network.unusedName("\(name).\($0)"), constant: $1))
        }
        let shapes = try operation.outputShapes(of: ([input] + operands).map { network[$0].shape })
        let output = network.append(Value(name: name, shape: shapes[0], elementType: .float32))
        origins[name] = origin(of: node.name)
        return Node(
            name: name, operation: operation, inputs: [input] + operands, outputs: [output],
            accumulator: node.accumulator)
    }
}
