import Diagnostics
import Networks
import Tensors

/// Biases take back by how much a layer's mean response moved since the given network.
///
/// The bias of output channel `i` changes by `E[w_i x + b_i] - E[w'_i x' + b'_i]`. From `calibration`, `x` and `x'` are what the layer
/// reads in the given network and in this one, corrected so far, layer by layer. From `normalization`, no data are needed: `x' = x`, a clamped
/// normal variable with the shift and scale of the batch normalization that writes it, and zeros around the image count
/// as image. A layer without a bias gets one. It repairs means alone, whatever step moved them.
public struct BiasCorrection: CompressionStep {
    /// Where the means come from.
    public enum Source: String, Sendable, Hashable, Codable, CaseIterable {
        case calibration
        case normalization
    }

    public static let description = StepDescription(
        name: "bias-correction",
        summary: "Changes biases so that each layer's mean response is that of the given network",
        citation:
            "Nagel, van Baalen, Blankevoort, Welling: Data-Free Quantization Through Weight Equalization and Bias "
            + "Correction, 2019",
        parameters: [
            ParameterDescription(
                "source", "Where the means come from",
                .choice(Source.allCases.map(\.rawValue), default: Source.calibration.rawValue)),
            ParameterDescription(
                "positions", "Output positions of a case over which the mean is taken, at most",
                .integer(1...4096, default: 256)),
        ], categories: [.adjustment], profits: [.accuracy])

    public var layers: LayerSelection
    public var source: Source
    /// 1...4096.
    public var positions: Int

    public init(layers: LayerSelection = .all, source: Source = .calibration, positions: Int = 256) {
        self.layers = layers
        self.source = source
        self.positions = positions
    }

    public init(layers: LayerSelection, parameters: StepParameters) {
        self.init(
            layers: layers, source: parameters.choice("source"), positions: parameters.integer("positions") ?? 256)
    }

    public var parameters: [String: ParameterValue] {
        ["source": .text(source.rawValue), "positions": .integer(positions)]
    }

    public var category: StepCategory { .adjustment }

    public func transform(
        _ compressed: CompressedNetwork, layers: [String], observing observer: any ActivationObserver
    ) throws -> StepOutcome {
        guard let given = compressed.given else {
            throw Diagnostics([Diagnostic("the network before compression is not known")])
        }
        var (result, reference) = (compressed, CompressedNetwork(given))
        var remarks = result.isInteger ? [] : result.makeNormalizationsLayers()
        _ = reference.makeNormalizationsLayers()
        let admitted = try self.layers.admit(layers, to: Self.description.name) { layer in
            refusal(of: layer, in: result, reference: reference, given: given)
        }
        for layer in admitted {
            guard let place = result.network.place(ofLayer: layer),
                let origin = reference.network.place(ofLayer: layer)
            else { continue }
            let (node, wanted) = (result.network.nodes[place], reference.network.nodes[origin])
            let inputs = try inputs(of: (node, result.network), (wanted, reference.network), given, observer)
            let now = result.meanResponse(of: node, inputs: inputs.now)
            let before = reference.meanResponse(of: wanted, inputs: inputs.before)
            let bias = result.biasReals(of: node)
            result.giveBias(toNodeAt: place)
            remarks += result.replaceBias(
                ofNodeAt: place, by: bias.indices.map { bias[$0] + before[$0] - now[$0] })
        }
        return StepOutcome(result, touched: admitted, remarks: remarks)
    }

    /// The mean patches of a layer in this network and in the given one.
    private func inputs(
        of now: (node: Node, network: Network), _ before: (node: Node, network: Network), _ given: Network,
        _ observer: any ActivationObserver
    ) throws -> (now: [[Double]], before: [[Double]]) {
        switch source {
        case .calibration:
            return (
                try observer.meanPatches(of: now.node, in: now.network, positions: positions),
                try observer.meanPatches(of: before.node, in: before.network, positions: positions)
            )
        case .normalization:
            let expected = given.expectedPatches(ofLayer: now.node.name) ?? []
            return (expected, expected)
        }
    }

    /// Why a layer's bias cannot be corrected, or nil if it can.
    private func refusal(
        of layer: String, in compressed: CompressedNetwork, reference: CompressedNetwork, given: Network
    ) -> String? {
        guard let place = compressed.network.place(ofLayer: layer),
            let origin = reference.network.place(ofLayer: layer)
        else { return "the given network has no layer of this name" }
        let (node, wanted) = (compressed.network.nodes[place], reference.network.nodes[origin])
        guard let patches = LayerPatches(node, in: compressed.network),
            let others = LayerPatches(wanted, in: reference.network)
        else { return "its filters are not those of a convolution or a fully connected layer" }
        let (result, original) = (compressed.network[node.outputs[0]], reference.network[wanted.outputs[0]])
        guard result.name == original.name, result.shape == original.shape else {
            return "its result is not one of the given network"
        }
        switch source {
        case .calibration: return nil
        case .normalization:
            guard given.expectedPatches(ofLayer: layer)?.count == patches.groups, patches.columns == others.columns
            else { return "no batch normalization of the given network writes what it reads" }
            return nil
        }
    }
}
