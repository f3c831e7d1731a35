import Diagnostics
import Networks
import Tensors

/// The weights whose absence the others can make up for best become zero, and the others move to make up for them.
///
/// For every filter `w` the error of its responses to calibration patches `X` (`N` rows) has the Hessian `H = 2 X'X / N`, with
/// `damping` times its mean diagonal added. The weight with the least saliency `w_q² / (2 [H⁻¹]_qq)` leaves, all others of the
/// filter move by `-w_q / [H⁻¹]_qq * H⁻¹ e_q`, which is the optimum under all constraints so far, and `H⁻¹` loses the weight's
/// row and column; so on, one weight at a time. Rows of a layer are independent. A layer's removals are spread over its rows
/// by the saliencies that the weights have before the first leaves, over the energy `w'Hw` of the row, so that the scale of a channel does
/// not count. A network's quota takes the least saliencies of all layers on their original inputs, each times how much the network's
/// scores follow the row's channel (`ScoreSensitivity`); where no gradient passes, over its energy. Where a layer has a bias, `X` are deviations from their means
/// and the bias takes the rest. Layers follow each other, each on the inputs that the network compressed so far gives it;
/// with `corrects`, filters first move to the least-squares optimum for what the layer gave before the step, and leave from there.
/// Layers with more than `blockSize` columns of patches take `H` as diagonal in even blocks of columns, as in WoodFisher (Singh,
/// Alistarh, 2020), and are not corrected. Weights that are zero stay zero. No weight comes back, and the loss of the network's task is not looked at.
public struct OptimalBrainSurgeon: CompressionStep {
    public static let description = StepDescription(
        name: "optimal-brain-surgeon",
        summary: "Drops the weights that the others can make up for best, and moves the others to do so",
        citation: """
            Hassibi, Stork, Wolff: Optimal Brain Surgeon and General Network Pruning, 1993; Frantar, Singh, Alistarh: Optimal \
            Brain Compression, 2022
            """,
        parameters: [
            ParameterDescription("density", "Part of a layer's weights that survives", .number(0...1, default: 0.5)),
            ParameterDescription(
                "quota", "Over what the density is meant",
                .choice(MagnitudePruning.Quota.allCases.map(\.rawValue), default: "layer")),
            ParameterDescription(
                "pattern", "Weights that stay of how many neighbours, in the place of a density",
                .choice([noPattern] + NeighbourPattern.allCases.map(\.rawValue), default: noPattern)),
            ParameterDescription(
                "damping", "Part of the Hessian's mean diagonal that is added to it", .number(0...1, default: 0.01)),
            ParameterDescription(
                "blockSize", "Columns of patches that share a Hessian at most", .integer(16...16384, default: 768)),
            ParameterDescription(
                "corrects", "Whether filters first move to make up for the layers before", .flag(default: true)),
            ParameterDescription(
                "positions", "Output positions of a calibration case that are looked at, at most",
                .integer(1...1_048_576, default: 256)),
        ], categories: [.sparsification], profits: [.storage, .zeroSkipping])

    private static let noPattern = "none"

    public var layers: LayerSelection
    /// 0...1.
    public var density: Double
    public var quota: MagnitudePruning.Quota
    public var pattern: NeighbourPattern?
    /// 0...1.
    public var damping: Double
    /// 16...16384.
    public var blockSize: Int
    public var corrects: Bool
    /// At least 1.
    public var positions: Int

    public init(
        layers: LayerSelection = .all, density: Double = 0.5, quota: MagnitudePruning.Quota = .layer,
        pattern: NeighbourPattern? = nil, damping: Double = 0.01,
        blockSize: Int = 768, corrects: Bool = true, positions: Int = 256
    ) {
        self.layers = layers
        self.density = density
        self.quota = quota
        self.pattern = pattern
        self.damping = damping
        self.blockSize = blockSize
        self.corrects = corrects
        self.positions = positions
    }

    public init(layers: LayerSelection, parameters: StepParameters) {
        self.init(
            layers: layers, density: parameters.number("density") ?? 0.5,
            quota: parameters.choice("quota"), pattern: parameters.optionalChoice("pattern"),
            damping: parameters.number("damping") ?? 0.01,
            blockSize: parameters.integer("blockSize") ?? 768, corrects: parameters.flag("corrects"),
            positions: parameters.integer("positions") ?? 256)
    }

    public var parameters: [String: ParameterValue] {
        [
            "density": .number(density), "quota": .text(quota.rawValue),
            "pattern": .text(pattern?.rawValue ?? Self.noPattern),
            "damping": .number(damping), "blockSize": .integer(blockSize),
            "corrects": .flag(corrects), "positions": .integer(positions),
        ]
    }

    public var category: StepCategory { .sparsification }

    public func transform(
        _ compressed: CompressedNetwork, layers: [String], observing observer: any ActivationObserver
    ) throws -> StepOutcome {
        let admitted = try self.layers.admit(layers, to: "Optimal Brain Surgeon", reason: compressed.surgeryRefusal)
        var (result, findings, remarks): (CompressedNetwork, [Diagnostic], [String]) = (compressed, [], [])
        var sensitivity: ScoreSensitivity?
        if spansLayers {
            do {
                sensitivity = try ScoreSensitivity(of: admitted, in: compressed.network, observing: observer)
            } catch let faults as Diagnostics {
                remarks = faults.findings.map { "\($0.message); channels count alike, each over its energy" }
            }
        }
        let removals: [String: Int]
        do {
            removals = try self.removals(
                of: admitted, in: compressed, sensitivity: sensitivity, observing: observer)
        } catch let finding as Diagnostic {
            throw Diagnostics([finding])
        }
        for layer in admitted {
            do {
                try operate(
                    on: layer, removals: removals[layer] ?? 0, of: &result, original: compressed.network,
                    sensitivity: sensitivity?.channels[layer], observing: observer)
            } catch let finding as Diagnostic {
                findings.append(finding.ofLayer(layer))
            }
        }
        guard findings.isEmpty else { throw Diagnostics(findings) }
        return StepOutcome(result, touched: admitted, remarks: remarks)
    }

    /// Whether layers share what leaves.
    private var spansLayers: Bool { quota == .network && pattern == nil }

    /// Weights that leave each layer, those that are zero already included.
    private func removals(
        of layers: [String], in compressed: CompressedNetwork, sensitivity: ScoreSensitivity?,
        observing observer: any ActivationObserver
    ) throws -> [String: Int] {
        let nodes = compressed.network.nodes.filter { layers.contains($0.name) }
        guard spansLayers else {
            let counts = nodes.map { node in
                let count = node.weights.map { compressed.network[$0].shape.elementCount } ?? 0
                return (node.name, count - Int((density * Double(count)).rounded()))
            }
            return Dictionary(counts) { first, _ in first }
        }
        return try cheapest(of: nodes) { node in
            try LayerSurgery(
                of: node, in: compressed.network, original: nil, as: self,
                sensitivity: sensitivity?.channels[node.name], movesBias: node.bias != nil, observing: observer
            ).saliencies
        }
    }

    /// How many of the least saliencies of all layers together lie in each; a layer keeps a weight.
    private func cheapest(of nodes: [Node], saliencies: (Node) throws -> [Double]) rethrows -> [String: Int] {
        var entries: [(saliency: Double, layer: Int)] = []
        var (left, removals): ([Int], [String: Int]) = ([], [:])
        for (index, node) in nodes.enumerated() {
            let own = try saliencies(node)
            left.append(own.count)
            entries += own.map { ($0, index) }
        }
        entries.sort { ($0.saliency, $0.layer) < ($1.saliency, $1.layer) }
        var open = entries.count - Int((density * Double(entries.count)).rounded())
        for entry in entries where open > 0 && left[entry.layer] > 1 {
            left[entry.layer] -= 1
            removals[nodes[entry.layer].name, default: 0] += 1
            open -= 1
        }
        return removals
    }

    private func operate(
        on layer: String, removals: Int, of result: inout CompressedNetwork, original: Network,
        sensitivity: [Double]?, observing observer: any ActivationObserver
    ) throws {
        guard let place = result.network.place(ofLayer: layer), let id = result.ownWeights(ofNodeAt: place) else {
            return
        }
        let node = result.network.nodes[place]
        guard removals > 0 || pattern != nil else { return }
        let bias = result.network.movableBias(ofNodeAt: place)
        let surgery = try LayerSurgery(
            of: node, in: result.network, original: corrects ? original : nil, as: self, sensitivity: sensitivity,
            movesBias: bias != nil, observing: observer)
        let (weights, offsets) = surgery.operate(removals: removals, pattern: pattern)
        result.network[id].constant = Tensor(result.network[id].shape, weights.map(Float.init))
        guard let bias else { return }
        let moved = zip(result.network[bias].reals, offsets).map { Float($0 + $1) }
        result.network[bias].constant = Tensor(result.network[bias].shape, moved)
    }
}

extension CompressedNetwork {
    /// Why the weights of a layer cannot move to make up for others, or nil if they can.
    fileprivate func surgeryRefusal(of layer: String) -> String? {
        guard let node = network.nodes.first(where: { $0.name == layer }), let weights = node.weights else {
            return nil
        }
        guard network[weights].isFloat, grids[network[weights].name] == nil else {
            return "weights that make up for others leave their grid; prune first, quantize after"
        }
        return LayerPatches(node, in: network) == nil ? "it does not multiply patches by weights" : nil
    }
}

extension Network {
    /// The bias of a layer, its own from now on, if it is a constant of reals.
    fileprivate mutating func movableBias(ofNodeAt place: Int) -> ValueID? {
        guard let operand = nodes[place].operation.weightOperand, let bias = nodes[place].bias, self[bias].isFloat,
            self[bias].constant != nil
        else { return nil }
        return own(operand: operand + 1, ofNodeAt: place)
    }
}
