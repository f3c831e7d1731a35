import Diagnostics
import Networks
import Tensors
import Workloads

/// Each filter loses the input channels whose contribution varies least; the weights that stay and the bias make up for them.
///
/// The contribution of input channel j to filter n is the sum of products over j's window. Its variance over sampled positions
/// of the calibration cases is `w' C w` with the covariance C of the window. Of the channels of every filter,
/// `round(density * channels)` stay, of equals those that come first. Kernels become zero where they are; no channel leaves.
///
/// The paper trains the network again. In the place of that, with `corrects`, the weights that stay move to the least squares
/// of what the layer of the network before the step gives before its clamp, on the inputs that the network compressed so far gives,
/// layer by layer: `(C_SS + r) v = c_S + r w_S` with the covariance `C` of the columns `S` that stay, theirs with the response
/// `c_S`, and `r` the part `damping` of the mean of C's diagonal, which draws `v` to the weights `w`. The bias takes the means. Weights that
/// are zero stay zero; layers that lose no channel stay as they are. Without it the bias gets the means of what left.
public struct InboundPruning: CompressionStep {
    public static let description = StepDescription(
        name: "inbound-pruning",
        summary: "Zeroes, filter by filter, the kernels of input channels whose contribution varies least",
        citation: "Polyak, Wolf: Channel-Level Acceleration of Deep Face Representations, 2015",
        parameters: [
            ParameterDescription(
                "density", "Part of each filter's input channels that stays", .number(0...1, default: 0.5)),
            ParameterDescription.channelPositions,
            ParameterDescription(
                "corrects", "Whether the weights that stay move to make up for what left", .flag(default: true)),
            ParameterDescription(
                "damping", "Part of the inputs' mean variance that holds weights where they are",
                .number(0...1, default: 0.01)),
        ], categories: [.sparsification], profits: [.storage, .zeroSkipping])

    public var layers: LayerSelection
    /// 0...1.
    public var density: Double
    /// At least 1.
    public var positions: Int
    public var corrects: Bool
    /// 0...1.
    public var damping: Double

    public init(
        layers: LayerSelection = .all, density: Double = 0.5, positions: Int = 64, corrects: Bool = true,
        damping: Double = 0.01
    ) {
        (self.layers, self.density, self.positions) = (layers, density, positions)
        (self.corrects, self.damping) = (corrects, damping)
    }

    public init(layers: LayerSelection, parameters: StepParameters) {
        self.init(
            layers: layers, density: parameters.number("density") ?? 0.5,
            positions: parameters.integer("positions") ?? 64, corrects: parameters.flag("corrects"),
            damping: parameters.number("damping") ?? 0.01)
    }

    public var parameters: [String: ParameterValue] {
        [
            "density": .number(density), "positions": .integer(positions), "corrects": .flag(corrects),
            "damping": .number(damping),
        ]
    }

    public var category: StepCategory { .sparsification }

    public func transform(
        _ compressed: CompressedNetwork, layers: [String], observing observer: any ActivationObserver
    ) throws -> StepOutcome {
        let admitted = try self.layers.admit(layers, to: "inbound pruning") { layer in
            Self.depth(of: layer, in: compressed.network) == nil
                ? "not a layer with real weights whose filters read several channels" : nil
        }
        var (result, findings) = (compressed, [Diagnostic]())
        for layer in admitted {
            do {
                try prune(layer, of: &result, given: compressed.network, observing: observer)
            } catch let finding as Diagnostic {
                findings.append(finding.ofLayer(layer))
            }
        }
        guard findings.isEmpty else { throw Diagnostics(findings) }
        return StepOutcome(result, touched: admitted)
    }

    private func prune(
        _ layer: String, of result: inout CompressedNetwork, given: Network, observing observer: any ActivationObserver
    ) throws {
        guard let place = result.network.place(ofLayer: layer), let id = result.ownWeights(ofNodeAt: place),
            let depth = Self.depth(of: layer, in: result.network), let constant = result.network[id].constant,
            let patches = LayerPatches(result.network.nodes[place], in: result.network)
        else { return }
        let node = result.network.nodes[place]
        let count = Int((density * Double(depth)).rounded())
        let source = corrects && count < depth ? given.node(ofLayer: layer) : nil
        let moments = try moments(of: node, in: result.network, as: source, in: given, observing: observer)
        guard moments.allSatisfy({ $0.count > 0 }) else { throw Diagnostic.withoutCases(layer: layer) }
        let (plain, bias) = (constant.floats.map(Double.init), result.biasReals(of: node))
        var (reals, offsets) = (plain, [Double]())
        for (group, moments) in moments.enumerated() {
            let filters = patches.filters(of: plain, group: group)
            let variances = InboundVariances(moments, filters: filters, depth: depth)
            var pruned = variances.pruned(keeping: count)
            if source != nil {
                pruned = try variances.fitted(keeping: count, damping: damping)
                for index in pruned.offsets.indices { pruned.offsets[index] -= bias[offsets.count + index] }
            }
            patches.put(pruned.filters, group: group, into: &reals)
            offsets += pruned.offsets
        }
        result.network[id].constant = Tensor(constant.shape, reals.map(Float.init))
        result.network.shiftBias(ofNodeAt: place, by: offsets)
    }

    /// The moments of a layer's patches, with the responses of `source` as targets if it is given.
    private func moments(
        of node: Node, in network: Network, as source: Node?, in given: Network,
        observing observer: any ActivationObserver
    ) throws -> [LayerMoments] {
        guard let source else { return try observer.moments(of: node, in: network, positions: positions) }
        let targets = try observer.responses(of: source, in: given, positions: positions)
        return try observer.moments(of: node, in: network, positions: positions, targets: targets)
    }

    /// Input channels of one filter, or nil for layers that the step does not suit.
    private static func depth(of layer: String, in network: Network) -> Int? {
        guard let node = network.node(ofLayer: layer), let id = node.weights,
            network[id].isFloat, network[node.inputs[0]].isFloat, LayerPatches(node, in: network) != nil,
            node.operation.computeClass != .depthwise, let depth = network[id].shape.extents.last, depth > 1,
            node.bias.map({ network[$0].isFloat && network[$0].constant != nil }) ?? true
        else { return nil }
        return depth
    }
}
