import Diagnostics
import Networks
import Tensors

/// Of two neurons with similar weights one leaves, and what read it reads the other; no data are needed.
///
/// The saliency of the pair is `s_ij = mean(a_j^2) * |w_i - w_j|^2`: w are all parameters that make a channel (its weights,
/// its bias, its normalization), a the weights with which others read it. Of the pair with the least saliency j leaves and
/// `a_i` becomes `a_i + a_j` (Srinivas, Babu). Of equal pairs the later channel leaves. Channels tied by residual sums are one neuron.
///
/// With `scaled`, i stands for j times `t = max(0, <w_i, w_j> / <w_i, w_i>)`: the saliency is `mean(a_j^2) * |w_j - t w_i|^2`,
/// `a_i` becomes `a_i + t a_j`, and a neuron that no other resembles merely leaves (Kim, Kim, Cha). This is exact for neurons that are
/// equal up to a positive factor where all that lies between keeps proportions; `ChannelGrams` says what the inner products are
/// behind sums and depthwise layers, for each reader its own. A group behind anything else, such as a clamp above, merges with `t = 1`.
/// It is not the default: of channels that are never negative the mean counts, which `t = 1` passes on and small factors lose. On
/// training images that did not calibrate, residual networks keep fewer right answers with it at most densities, a network of
/// depthwise layers more.
public struct NeuronMerge: CompressionStep {
    public static let description = StepDescription(
        name: "neuron-merge",
        summary: "Merges neurons or channels with similar weights, without data",
        citation: """
            Srinivas, Babu: Data-free Parameter Pruning for Deep Neural Networks, 2015; Kim, Kim, Cha: Neuron Merging: \
            Compensating for Pruned Neurons, 2020
            """,
        parameters: [
            ParameterDescription(
                "density", "Part of each group of tied channels that stays", .number(0...1, default: 0.5)),
            ParameterDescription(
                "scaled", "Whether a neuron may stand for another times a factor", .flag(default: false)),
        ], categories: [.removal], profits: [.storage, .products, .activations])

    public var layers: LayerSelection
    /// 0...1; at least one channel stays.
    public var density: Double

    public var scaled: Bool

    public init(layers: LayerSelection = .all, density: Double = 0.5, scaled: Bool = false) {
        (self.layers, self.density, self.scaled) = (layers, density, scaled)
    }

    public init(layers: LayerSelection, parameters: StepParameters) {
        self.init(
            layers: layers, density: parameters.number("density") ?? 0.5, scaled: parameters.flag("scaled"))
    }

    public var parameters: [String: ParameterValue] { ["density": .number(density), "scaled": .flag(scaled)] }
    public var category: StepCategory { .removal }

    public func transform(
        _ compressed: CompressedNetwork, layers: [String], observing observer: any ActivationObserver
    ) throws -> StepOutcome {
        let whole = ChannelAnalysis(compressed.network)
        let admitted = Set(
            try self.layers.admit(layers, to: "neuron merge") { layer in
                let group = whole.groups.first { $0.layers.contains(layer) }
                guard let group, !group.removable.isEmpty else {
                    return "its channels are the network's own and cannot leave"
                }
                return NeuronPairs(whole, classes: group.removable, scaled: false) == nil
                    ? "its neurons are made or read by weights that are not real" : nil
            })
        var (result, touched, remarks) = (compressed, Set<String>(), [String]())
        for group in whole.groups where !admitted.isDisjoint(with: group.layers) {
            let analysis = ChannelAnalysis(result.network)
            let classes = analysis.groups.first { $0.layers == group.layers }?.removable ?? []
            guard var pairs = NeuronPairs(analysis, classes: classes, scaled: scaled) else { continue }
            let count = group.roots.count - max(1, Int((density * Double(group.roots.count)).rounded()))
            var (floor, removed) = (ChannelFloor(analysis), Set<Int>())
            while removed.count < count, let pair = pairs.least(where: floor.allows) {
                guard floor.allowsRemoving(pair.leaving) else { break }
                pairs.merge(pair)
                removed.insert(pair.leaving)
            }
            for (id, tensor) in pairs.readers { result.network[id].constant = tensor }
            touched.formUnion(result.remove(removed, of: analysis))
            let names = group.layers.joined(separator: ", ")
            let reason = scaled && !pairs.keepsProportions ? "; for want of proportions merged as if equal" : ""
            remarks.append(
                "layers \(names): \(group.roots.count - removed.count) of \(group.roots.count) stay\(reason)")
        }
        return StepOutcome(result, touched: touched.sorted(), remarks: remarks)
    }
}
