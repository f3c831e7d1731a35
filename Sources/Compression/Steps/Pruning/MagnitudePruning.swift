import Diagnostics
import Networks
import Tensors

/// Weights with the least magnitude become zero, in groups; whole filters leave the network.
///
/// The saliency of a group is the sum of its magnitudes. `round(density * groups)` groups of a layer survive, of equals
/// those that come first. With a `threshold` `q` the groups survive whose mean magnitude is at least `q` standard deviations of the
/// layer's weights: of normal weights `2 Phi(q) - 1` go, one by one. With the quota `network` the layers share one density:
/// the groups with the largest mean magnitudes of all survive, and of every layer the largest group. At filter granularity the
/// channel and all that depends on it are removed, in every layer that is tied to it by a sum; channels of the network's own
/// inputs and outputs stay.
public struct MagnitudePruning: CompressionStep {
    /// Over what a density is meant.
    public enum Quota: String, Sendable, Hashable, Codable, CaseIterable {
        case layer
        case network
    }

    public static let description = StepDescription(
        name: "magnitude-pruning",
        summary: "Drops the weights, kernel rows, kernels, columns, blocks or filters with the least sum of magnitudes",
        citation:
            "Han et al.: Learning both Weights and Connections, 2015; Mao et al.: Exploring the Granularity of Sparsity, 2017",
        parameters: [
            ParameterDescription(
                "granularity", "What is dropped together",
                .choice(Granularity.allCases.map(\.rawValue), default: "weight")),
            ParameterDescription("density", "Part of the groups that survives", .number(0...1, default: 0.5)),
            ParameterDescription(
                "threshold",
                "Mean magnitude that survives, in standard deviations of a layer; in the place of a density",
                .number(0...64, default: nil)),
            ParameterDescription(
                "quota", "Over what the density is meant", .choice(Quota.allCases.map(\.rawValue), default: "layer")),
        ], categories: [.sparsification, .removal], profits: [.storage, .products, .zeroSkipping])

    public var layers: LayerSelection
    public var granularity: Granularity
    /// 0...1.
    public var density: Double
    /// 0...64 standard deviations, or nil for a density.
    public var threshold: Double?
    public var quota: Quota

    public init(
        layers: LayerSelection = .all, granularity: Granularity = .weight, density: Double = 0.5,
        threshold: Double? = nil, quota: Quota = .layer
    ) {
        self.layers = layers
        self.granularity = granularity
        self.density = density
        self.threshold = threshold
        self.quota = quota
    }

    public init(layers: LayerSelection, parameters: StepParameters) {
        self.init(
            layers: layers, granularity: parameters.choice("granularity"),
            density: parameters.number("density") ?? 0.5, threshold: parameters.number("threshold"),
            quota: parameters.choice("quota"))
    }

    public var parameters: [String: ParameterValue] {
        var parameters: [String: ParameterValue] = [
            "granularity": .text(granularity.rawValue), "density": .number(density),
        ]
        if let threshold { parameters["threshold"] = .number(threshold) }
        if quota != .layer { parameters["quota"] = .text(quota.rawValue) }
        return parameters
    }

    public var category: StepCategory { granularity == .filter ? .removal : .sparsification }

    public func transform(
        _ compressed: CompressedNetwork, layers: [String], observing observer: any ActivationObserver
    ) throws -> StepOutcome {
        guard granularity == .filter else { return try sparsify(compressed, layers: layers) }
        guard threshold == nil, quota == .layer else {
            throw Diagnostics([
                Diagnostic("filters are removed by a density of each layer", fix: "leave out threshold and quota")
            ])
        }
        return try removeFilters(compressed, layers: layers)
    }

    private func sparsify(_ compressed: CompressedNetwork, layers: [String]) throws -> StepOutcome {
        let admitted = try self.layers.admit(layers, to: "magnitude pruning") { layer in
            compressed.maskingRefusal(of: layer) ?? tilingRefusal(of: layer, in: compressed.network)
        }
        var result = compressed
        var quotas: [MagnitudeQuota] = []
        if quota == .network, threshold == nil {
            quotas = result.network.nodes.filter { admitted.contains($0.name) }.compactMap { node in
                node.weights.map { self.quota(of: node, result.network[$0]) }
            }
        }
        let masks = Dictionary(
            zip(admitted, MagnitudeQuota.masks(of: quotas, density: density)), uniquingKeysWith: { first, _ in first })
        result.mask(admitted) { node, weights in
            if let mask = masks[node.name] { return mask }
            let quota = self.quota(of: node, weights)
            if let threshold { return quota.mask(from: threshold * weights.reals.standardDeviation) }
            return quota.mask(keeping: Int((density * Double(quota.groups.count)).rounded()))
        }
        return StepOutcome(result, touched: admitted)
    }

    private func quota(of node: Node, _ weights: Value) -> MagnitudeQuota {
        MagnitudeQuota(
            weights.reals,
            groups: WeightGroups(
                shape: weights.shape, computeClass: node.operation.computeClass, granularity: granularity))
    }

    /// Why a layer does not fall into blocks, or nil if it does or none are asked for.
    private func tilingRefusal(of layer: String, in network: Network) -> String? {
        guard let block = granularity.block, let node = network.node(ofLayer: layer),
            let weights = node.weights
        else { return nil }
        let groups = WeightGroups(
            shape: network[weights].shape, computeClass: node.operation.computeClass, granularity: granularity)
        let sizes = "\(block.outputs) outputs by \(block.inputs) inputs"
        return groups.offsets.count > 1 ? nil : "blocks of \(sizes) do not tile weights of \(network[weights].shape)"
    }

    private func removeFilters(_ compressed: CompressedNetwork, layers: [String]) throws -> StepOutcome {
        let analysis = ChannelAnalysis(compressed.network)
        let selected = Set(layers)
        let groups = analysis.groups.filter { !selected.isDisjoint(with: $0.layers) }
        let fixed = groups.filter { $0.removable.isEmpty }.flatMap(\.layers).filter(self.layers.patterns.contains)
        guard fixed.isEmpty, groups.contains(where: { !$0.removable.isEmpty }) else {
            let names = fixed.isEmpty ? layers : fixed
            throw Diagnostics(
                names.map { Diagnostic(layer: $0, "its channels are the network's own and cannot leave") })
        }
        let saliencies = analysis.saliencies
        var (guarded, removed, remarks) = (ChannelFloor(analysis), Set<Int>(), [String]())
        for group in groups {
            let kept = max(1, Int((density * Double(group.roots.count)).rounded()))
            let order = group.removable.sorted {
                let (left, right) = (saliencies[$0] ?? 0, saliencies[$1] ?? 0)
                return left != right ? left < right : $0 > $1
            }
            var count = 0
            for root in order where count < group.roots.count - kept && guarded.allowsRemoving(root) {
                removed.insert(root)
                count += 1
            }
            let names = group.layers.joined(separator: ", ")
            remarks.append("layers \(names): \(group.roots.count - count) of \(group.roots.count) channels stay")
        }
        var result = compressed
        let touched = result.remove(removed, of: analysis)
        return StepOutcome(result, touched: touched, remarks: remarks)
    }
}
