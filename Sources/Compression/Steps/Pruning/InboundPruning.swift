import Diagnostics
import Networks
import Tensors
import Workloads

/// Each filter loses the input channels whose contribution varies least; their mean goes to the bias.
///
/// The contribution of input channel j to filter n is the sum of products over j's window. Its variance over sampled positions
/// of the calibration cases is `w' C w` with the covariance C of the window. Of the channels of every filter,
/// `round(density * channels)` stay, of equals those that come first. Kernels become zero where they are; no channel leaves.
public struct InboundPruning: CompressionStep {
    public static let description = StepDescription(
        name: "inbound-pruning",
        summary: "Zeroes, filter by filter, the kernels of input channels whose contribution varies least",
        citation: "Polyak, Wolf: Channel-Level Acceleration of Deep Face Representations, 2015",
        parameters: [
            ParameterDescription(
                "density", "Part of each filter's input channels that stays", .number(0...1, default: 0.5)),
            ParameterDescription.channelPositions,
        ], categories: [.sparsification], profits: [.storage, .zeroSkipping])

    public var layers: LayerSelection
    /// 0...1.
    public var density: Double
    public var positions: Int

    public init(layers: LayerSelection = .all, density: Double = 0.5, positions: Int = 64) {
        (self.layers, self.density, self.positions) = (layers, density, positions)
    }

    public init(layers: LayerSelection, parameters: StepParameters) {
        self.init(
            layers: layers, density: parameters.number("density") ?? 0.5,
            positions: parameters.integer("positions") ?? 64)
    }

    public var parameters: [String: ParameterValue] {
        ["density": .number(density), "positions": .integer(positions)]
    }

    public var category: StepCategory { .sparsification }

    public func transform(
        _ compressed: CompressedNetwork, layers: [String], observing observer: any ActivationObserver
    ) throws -> StepOutcome {
        let admitted = try self.layers.admit(layers, to: "inbound pruning") { layer in
            Self.depth(of: layer, in: compressed.network) == nil
                ? "not a layer with real weights whose filters read several channels" : nil
        }
        var result = compressed
        for layer in admitted {
            guard let place = result.network.place(ofLayer: layer), let id = result.ownWeights(ofNodeAt: place),
                let depth = Self.depth(of: layer, in: result.network), let constant = result.network[id].constant,
                let patches = LayerPatches(result.network.nodes[place], in: result.network)
            else { continue }
            let moments = try observer.moments(
                of: result.network.nodes[place], in: result.network, positions: positions)
            guard moments.allSatisfy({ $0.count > 0 }) else { throw Diagnostics([.withoutCases(layer: layer)]) }
            var (reals, offsets) = (constant.floats, [Double]())
            for (group, moments) in moments.enumerated() {
                let filters = patches.filters(of: constant.floats.map(Double.init), group: group)
                let sums = InboundVariances(moments, filters: filters, depth: depth)
                for filter in 0..<filters.rows {
                    let dropped = sums.dropped(ofFilter: filter, keeping: Int((density * Double(depth)).rounded()))
                    offsets.append(dropped.reduce(0) { $0 + sums.mean(ofFilter: filter, channel: $1) })
                    let channel = patches.channel(filter, ofGroup: group)
                    for column in 0..<filters.columns where dropped.contains(column % depth) {
                        reals[patches.place(ofColumn: column, channel: channel)] = 0
                    }
                }
            }
            result.network[id].constant = Tensor(constant.shape, reals)
            result.network.shiftBias(ofNodeAt: place, by: offsets)
        }
        return StepOutcome(result, touched: admitted)
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
