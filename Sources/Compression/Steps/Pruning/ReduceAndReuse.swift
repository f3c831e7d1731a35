import Diagnostics
import Networks
import Tensors

/// A layer computes only the maps whose responses vary most; a 1x1 layer rebuilds the others from them.
///
/// Maps are responses before the clamp over sampled positions of the calibration cases. The rebuilding weights are the
/// least-squares ones, `C_SS^-1 C_S` with the covariance C of the maps and S those that stay; means go to the bias and maps
/// that stay are copied. The layer becomes a thin one and one of `maps x outputs` weights. In a grouped convolution every
/// group keeps `rank` maps.
public struct ReduceAndReuse: CompressionStep {
    public static let description = StepDescription(
        name: "reduce-and-reuse",
        summary: "Computes the maps that vary most and rebuilds the others from them in a 1x1 layer",
        citation: "Polyak, Wolf: Channel-Level Acceleration of Deep Face Representations, 2015",
        parameters: [Rank.rankParameter, Rank.fractionParameter, ParameterDescription.channelPositions],
        categories: [.decomposition], profits: [.storage, .products])

    public var layers: LayerSelection
    public var positions: Int
    private let rank: Rank

    /// - Parameters: give either `rank`, the maps that stay, or `fraction` of all, above 0 to 1.
    public init(layers: LayerSelection, rank: Int? = nil, fraction: Double? = nil, positions: Int = 64) {
        (self.layers, self.positions) = (layers, positions)
        self.rank = Rank(rank: rank, fraction: fraction)
    }

    public init(layers: LayerSelection, parameters: StepParameters) {
        self.init(
            layers: layers, rank: parameters.integer("rank"), fraction: parameters.number("fraction"),
            positions: parameters.integer("positions") ?? 64)
    }

    public var parameters: [String: ParameterValue] {
        rank.parameters.merging(["positions": .integer(positions)]) { $1 }
    }

    public var category: StepCategory { .decomposition }

    public func transform(
        _ compressed: CompressedNetwork, layers: [String], observing observer: any ActivationObserver
    ) throws -> StepOutcome {
        let admitted = try self.layers.admit(layers, to: "reduce and reuse") { layer in
            Self.patches(of: layer, in: compressed.network) == nil
                ? "not a convolution or fully connected layer with real weights" : nil
        }
        var (result, touched) = (compressed, [String]())
        var (remarks, findings): ([String], [Diagnostic]) = ([], [])
        for layer in admitted {
            guard let patches = Self.patches(of: layer, in: result.network) else { continue }
            do {
                let count = try rank.resolve(full: patches.groupOutputs, layer: layer)
                let rebuilds = try rebuilds(of: layer, count: count, in: result.network, observing: observer)
                let stages = Self.stages(of: layer, rebuilds: rebuilds, in: result.network)
                touched += try result.replace(layer: layer, with: stages)
                let (error, whole) = rebuilds.reduce((0, 0)) { ($0.0 + $1.error, $0.1 + $1.variance) }
                remarks.append("layer \(layer): \(whole > 0 ? error / whole : 0) of the maps' variance is lost")
            } catch let finding as Diagnostic {
                findings.append(finding.ofLayer(layer))
            }
        }
        guard findings.isEmpty else { throw Diagnostics(findings) }
        return StepOutcome(result, touched: touched, remarks: remarks)
    }

    private static func patches(of layer: String, in network: Network) -> LayerPatches? {
        guard let node = network.nodes.first(where: { $0.name == layer }), let id = node.weights,
            network[id].isFloat, network[node.inputs[0]].isFloat,
            node.operation is Convolution2D || node.operation is FullyConnected,
            node.bias.map({ network[$0].isFloat && network[$0].constant != nil }) ?? true
        else { return nil }
        return LayerPatches(node, in: network)
    }

    private func rebuilds(
        of layer: String, count: Int, in network: Network, observing observer: any ActivationObserver
    ) throws -> [MapRebuild] {
        guard let place = network.place(ofLayer: layer), let patches = Self.patches(of: layer, in: network),
            let id = network.nodes[place].weights
        else { return [] }
        let moments = try observer.moments(of: network.nodes[place], in: network, positions: positions)
        guard moments.allSatisfy({ $0.count > 0 }) else { throw Diagnostic.withoutCases(layer: layer) }
        let bias = network.nodes[place].bias.map { network[$0].reals }
        return try moments.enumerated().map { group, moments in
            let filters = patches.filters(of: network[id].reals, group: group)
            let rows = Double(max(moments.count, 1))
            let means = (0..<filters.rows).map { filter in
                let sum = (0..<filters.columns).reduce(0) { $0 + filters[filter, $1] * moments.columnSums[$1] }
                return sum / rows + (bias.map { $0[patches.channel(filter, ofGroup: group)] } ?? 0)
            }
            var covariance = filters.times(moments.centered.gram).times(filters.transposed)
            for place in covariance.elements.indices { covariance.elements[place] /= rows }
            return try MapRebuild(covariance: covariance, means: means, count: count)
        }
    }

    private static func stages(of layer: String, rebuilds: [MapRebuild], in network: Network) -> [LayerStage] {
        guard let node = network.nodes.first(where: { $0.name == layer }), let id = node.weights,
            let weights = network[id].constant
        else { return [] }
        let (shape, outputs) = (weights.shape, rebuilds.flatMap(\.offsets).count)
        let share = outputs / max(rebuilds.count, 1)
        let kept = rebuilds.enumerated().flatMap { group, rebuild in rebuild.kept.map { group * share + $0 } }
        let size = shape.elementCount / outputs
        let filters = weights.floats
        let thin = Tensor(
            Shape([kept.count] + shape.extents.dropFirst()),
            kept.flatMap { filters[$0 * size..<($0 + 1) * size] })
        let bias = node.bias.map { network[$0].reals }
        let thinBias = bias.map { bias in Tensor([kept.count], kept.map { Float(bias[$0]) }) }
        let width = kept.count / max(rebuilds.count, 1)
        let mix = rebuilds.flatMap { $0.weights.elements.map { Float($0) } }
        let offsets = Tensor([outputs], rebuilds.flatMap(\.offsets).map { Float($0) })
        if let convolution = node.operation as? Convolution2D {
            let (groups, activation) = (convolution.groups, convolution.activation)
            return [
                LayerStage(
                    operation: Convolution2D(window: convolution.window, groups: groups), weights: thin,
                    bias: thinBias),
                LayerStage(
                    operation: Convolution2D(groups: groups, activation: activation),
                    weights: Tensor([outputs, 1, 1, width], mix), bias: offsets),
            ]
        }
        let activation = (node.operation as? FullyConnected)?.activation ?? .none
        return [
            LayerStage(operation: FullyConnected(), weights: thin, bias: thinBias),
            LayerStage(
                operation: FullyConnected(activation: activation), weights: Tensor([outputs, width], mix),
                bias: offsets),
        ]
    }
}
