import Diagnostics
import Networks
import Tensors

/// A convolution becomes one in groups, alone, with its outputs shuffled between the groups, or with a pointwise mix behind it.
///
/// Fitted to the responses of the original layer on the inputs that the network rewritten so far gives. Without a mix every
/// output is the least-squares fit on the channels of its group; with one, groups take turns as in `GroupedFactors`, and there
/// are as many maps as outputs, or as the groups have ranks. Products: `1 / groups` of the convolution's, and
/// `maps * outputs` a position for the mix. Exact where the kernel has the form.
public struct GroupedRewrite: CompressionStep {
    /// What lets the groups' outputs meet.
    public enum Mix: String, Sendable, Hashable, CaseIterable {
        /// Nothing: outputs side by side belong to one group.
        case none
        /// Output `i * groups + g` belongs to group `g`, so that the next groups read from all.
        case shuffle
        /// A pointwise convolution.
        case pointwise
    }

    public static let description = StepDescription(
        name: "grouped-rewrite",
        summary: "Replaces a convolution by one in groups, with a shuffle or a pointwise mix if asked for",
        citation:
            "Zhang, Zhou, Lin, Sun: ShuffleNet: An Extremely Efficient Convolutional Neural Network for Mobile Devices, 2018; Xie, Girshick, Dollár, Tu, He: Aggregated Residual Transformations for Deep Neural Networks, 2017",
        parameters: [
            ParameterDescription(
                "groups", "Groups; they must divide input and output channels", .integer(2...65_536, default: 2)),
            ParameterDescription(
                "mix", "What lets the outputs of the groups meet",
                .choice(Mix.allCases.map(\.rawValue), default: Mix.none.rawValue)),
            ParameterDescription(
                "iterations", "Rounds of alternating least squares with a pointwise mix", .integer(0...100, default: 4)),
            FitTarget.parameter,
        ], categories: [.restructuring], profits: [.storage, .products])

    public var layers: LayerSelection
    private let groups: Int
    private let mix: Mix
    private let iterations: Int
    private let fit: FitTarget

    package init(
        layers: LayerSelection, groups: Int = 2, mix: Mix = .none, iterations: Int = 4, fit: FitTarget = .responses
    ) {
        (self.layers, self.groups, self.mix, self.iterations, self.fit) = (layers, groups, mix, iterations, fit)
    }

    public init(layers: LayerSelection, parameters: StepParameters) {
        self.init(
            layers: layers, groups: parameters.integer("groups") ?? 2, mix: parameters.choice("mix"),
            iterations: parameters.integer("iterations") ?? 4, fit: parameters.choice("fit"))
    }

    public var parameters: [String: ParameterValue] {
        [
            "groups": .integer(groups), "mix": .text(mix.rawValue), "iterations": .integer(iterations),
            "fit": .text(fit.rawValue),
        ]
    }

    public var category: StepCategory { .restructuring }

    public func transform(
        _ compressed: CompressedNetwork, layers: [String], observing observer: any ActivationObserver
    ) throws -> StepOutcome {
        let admitted = try self.layers.admit(layers, to: "a grouped rewrite") { layer in
            guard let shape = compressed.network.plainConvolution(layer)?.weights.shape else {
                return "not a float convolution in one group"
            }
            guard groups >= 2, shape[0] % groups == 0, shape[3] % groups == 0 else {
                return "\(groups) groups do not divide \(shape[3]) input and \(shape[0]) output channels"
            }
            return nil
        }
        var (result, remarks) = (compressed, [String]())
        var original = OriginalResponses(compressed.network, of: admitted)
        let touched = try result.rewriteInTurn(admitted) { network, node, weights in
            let moments = try fit.moments(
                of: node, in: network.network, against: &original, observing: observer)
            let fitted =
                mix == .pointwise
                ? try mixedStages(of: node, weights: weights, moments: moments)
                : try groupedStage(of: node, weights: weights, moments: moments)
            remarks.append(Diagnostic.fitRemark(layer: node.name, error: moments.relativeError(of: fitted.kernel)))
            var names = try network.replace(layer: node.name, with: fitted.stages)
            if mix == .shuffle { names += network.shuffleOutput(of: node.name, groups: groups) }
            return names
        }
        return StepOutcome(result, touched: touched, remarks: remarks)
    }

    /// The columns of each group's input channels.
    private func blocks(_ shape: Shape) -> [[Int]] {
        let share = shape[3] / groups
        return (0..<groups).map { group in
            (0..<shape[1] * shape[2]).flatMap { place in (0..<share).map { place * shape[3] + group * share + $0 } }
        }
    }

    private func groupedStage(
        of node: Node, weights: Tensor, moments: ResponseMoments
    ) throws -> (stages: [LayerStage], kernel: Matrix) {
        guard let convolution = node.operation as? Convolution2D else { return ([], moments.cross) }
        let (shape, share) = (weights.shape, weights.shape[0] / groups)
        var kernel = Matrix(rows: moments.cross.rows, columns: shape[0])
        var (filters, order): ([Float], [Int]) = ([], [])
        for (group, block) in blocks(shape).enumerated() {
            let outputs = (0..<share).map { mix == .shuffle ? $0 * groups + group : group * share + $0 }
            let fitted = try moments.leastSquares(columns: block, outputs: outputs)
            for (index, output) in outputs.enumerated() {
                for (row, column) in block.enumerated() {
                    kernel.elements[column * shape[0] + output] = fitted[row, index]
                    filters.append(Float(fitted[row, index]))
                }
            }
            order += outputs
        }
        let offsets = moments.offsets(for: kernel)
        let stage = LayerStage(
            operation: Convolution2D(window: convolution.window, groups: groups, activation: convolution.activation),
            weights: Tensor([shape[0], shape[1], shape[2], shape[3] / groups], filters),
            bias: Tensor([shape[0]], order.map { Float(offsets[$0]) }))
        return ([stage], kernel)
    }

    private func mixedStages(
        of node: Node, weights: Tensor, moments: ResponseMoments
    ) throws -> (stages: [LayerStage], kernel: Matrix) {
        guard let convolution = node.operation as? Convolution2D else { return ([], moments.cross) }
        let shape = weights.shape
        let (columns, blocks) = (shape[1] * shape[2] * shape[3], blocks(shape))
        let rank = min(shape[0] / groups, columns / groups)
        let start = Matrix(rows: shape[0], columns: columns, elements: weights.floats.map(Double.init))
        let factors = try GroupedFactors(
            moments, blocks: blocks, rank: rank, start: start.transposed, iterations: iterations)
        let filters = factors.kernels.flatMap { $0.transposed.elements.map(Float.init) }
        let bias = moments.offsets(for: factors.weights).map(Float.init)
        let stages = [
            LayerStage(
                operation: Convolution2D(window: convolution.window, groups: groups),
                weights: Tensor([groups * rank, shape[1], shape[2], shape[3] / groups], filters)),
            .pointwise(factors.mix, activation: convolution.activation, bias: Tensor([shape[0]], bias)),
        ]
        return (stages, factors.weights)
    }
}

extension CompressedNetwork {
    /// Puts channel `g * share + i` of a layer's result at `i * groups + g`; the last node made keeps the result.
    ///
    /// - Returns: the names of the nodes made.
    fileprivate mutating func shuffleOutput(of layer: String, groups: Int) -> [String] {
        guard let place = network.place(ofLayer: layer) else { return [] }
        let result = network.nodes[place].outputs[0]
        let image = network[result].shape
        let split: Shape = [image[0], image[1], image[2], groups, image[3] / groups]
        let dealt: Shape = [image[0], image[1], image[2], image[3] / groups, groups]
        let names = ["split", "shuffle", "join"].map { network.unusedName("\(layer).\($0)") }
        let values = zip(["dealt", names[0], names[1]], [image, split, dealt]).map { name, shape in
            network.append(
                Value(name: network.unusedName("\(layer).\(name)"), shape: shape, elementType: .float32))
        }
        network.nodes[place].outputs = [values[0]]
        let operations: [any Operator] = [
            Reshape(shape: split), Transpose(permutation: [0, 1, 2, 4, 3]), Reshape(shape: image),
        ]
        let outputs = [values[1], values[2], result]
        let made = operations.indices.map {
            Node(name: names[$0], operation: operations[$0], inputs: [values[$0]], outputs: [outputs[$0]])
        }
        network.nodes.insert(contentsOf: made, at: place + 1)
        for name in names { origins[name] = origin(of: layer) }
        return names
    }
}
