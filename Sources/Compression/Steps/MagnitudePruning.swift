import Diagnostics
import FixedPoint
import Networks
import Tensors

/// Weights with the least magnitude become zero, in groups; whole filters leave the network.
///
/// The saliency of a group is the sum of its magnitudes. `round(density * groups)` groups of a layer survive, of equals
/// those that come first. At filter granularity the channel and all that depends on it are removed, in every layer that
/// is tied to it by a sum; channels of the network's own inputs and outputs stay.
public struct MagnitudePruning: CompressionStep {
    public static let description = StepDescription(
        name: "magnitude-pruning",
        summary: "Drops the weights, kernel rows, kernels or filters with the least sum of magnitudes",
        citation:
            "Han et al.: Learning both Weights and Connections, 2015; Mao et al.: Exploring the Granularity of Sparsity, 2017",
        parameters: [
            ParameterDescription(
                "granularity", "What is dropped together",
                .choice(Granularity.allCases.map(\.rawValue), default: "weight")),
            ParameterDescription("density", "Part of the groups that survives", .number(0...1, default: 0.5)),
        ], categories: [.sparsification, .removal], profits: [.storage, .products, .zeroSkipping])

    public var layers: LayerSelection
    public var granularity: Granularity
    /// 0...1.
    public var density: Double

    public init(layers: LayerSelection = .all, granularity: Granularity = .weight, density: Double) {
        self.layers = layers
        self.granularity = granularity
        self.density = density
    }

    public init(layers: LayerSelection, parameters: StepParameters) {
        self.init(
            layers: layers, granularity: parameters.choice("granularity"),
            density: parameters.number("density") ?? 0.5)
    }

    public var parameters: [String: ParameterValue] {
        ["granularity": .text(granularity.rawValue), "density": .number(density)]
    }

    public var category: StepCategory {
        switch granularity {
        case .weight, .vector, .kernel: .sparsification
        case .filter: .removal
        }
    }

    public func transform(
        _ compressed: CompressedNetwork, layers: [String], observing observer: any ActivationObserver
    ) throws -> StepOutcome {
        switch granularity {
        case .weight, .vector, .kernel: try sparsify(compressed, layers: layers)
        case .filter: try removeFilters(compressed, layers: layers)
        }
    }

    private func sparsify(_ compressed: CompressedNetwork, layers: [String]) throws -> StepOutcome {
        let admitted = try self.layers.admit(layers, to: "magnitude pruning") { layer in
            let weights = compressed.network.place(ofLayer: layer).flatMap { compressed.network.nodes[$0].weights }
            let format = weights.flatMap { compressed.network[$0].quantization?.format }
            return format?.encoding == .bipolar ? "a sign has no zero" : nil
        }
        var result = compressed
        for layer in admitted {
            guard let place = result.network.place(ofLayer: layer), let id = result.ownWeights(ofNodeAt: place)
            else { continue }
            let value = result.network[id]
            let groups = WeightGroups(
                shape: value.shape, computeClass: result.network.nodes[place].operation.computeClass,
                granularity: granularity)
            result.network[id].clear(dropped(of: value.reals, in: groups), in: groups)
        }
        return StepOutcome(result, touched: admitted)
    }

    /// The groups to drop, ascending.
    private func dropped(of reals: [Double], in groups: WeightGroups) -> [Int] {
        let saliencies = (0..<groups.count).map { group in
            let start = groups.start(of: group)
            return groups.offsets.reduce(0) { $0 + abs(reals[start + $1]) }
        }
        let kept = Int((density * Double(groups.count)).rounded())
        let order = saliencies.indices.sorted {
            saliencies[$0] != saliencies[$1] ? saliencies[$0] > saliencies[$1] : $0 < $1
        }
        return order[kept...].sorted()
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

extension Value {
    /// Makes the elements of some groups stand for 0.
    fileprivate mutating func clear(_ dropped: [Int], in groups: WeightGroups) {
        guard let constant else { return }
        if let quantization, var integers = constant.integers {
            let channels = ChannelIndexing(shape, axis: quantization.axis)
            for group in dropped {
                for offset in groups.offsets {
                    let place = groups.start(of: group) + offset
                    integers[place] = quantization.zeroPoints[channels.channel(of: place)]
                }
            }
            self.constant = Tensor(shape, integers: integers, storedAs: constant.elementType)
        } else {
            var reals = constant.floats
            for group in dropped {
                for offset in groups.offsets { reals[groups.start(of: group) + offset] = 0 }
            }
            self.constant = Tensor(shape, reals)
        }
    }
}
