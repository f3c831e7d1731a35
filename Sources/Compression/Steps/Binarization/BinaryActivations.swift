import Diagnostics
import Networks
import Tensors

/// A layer multiplies signs of its inputs with signs of its weights, and scales the counts: XNOR and popcount.
///
/// `I * W ≈ (sign(I - mu) * sign W) ⊙ K alpha + b` with `alpha` the mean magnitude of each filter and `sign(0) = +1`. The scale
/// of the inputs is the map `K` of the paper, the mean of `|I - mu|` over channels followed by a box filter of the kernel's size,
/// computed by layers that are charged; or one number `beta`, the mean magnitude on the calibration cases; or 1. `mu` is 0 as in
/// the paper, or the mean of each channel on the calibration cases (ReActNet's threshold without training), without which inputs
/// that are never negative have no sign. The first and the last layer with weights are left out unless they are named. Zeros
/// around an image stay zeros. This is no training: accuracy falls far below that of the trained networks of the papers.
public struct BinaryActivations: CompressionStep {
    /// What the signs of inputs are multiplied by.
    public enum InputScale: String, Sendable, Hashable, Codable, CaseIterable {
        /// 1 (Courbariaux et al.).
        case one
        /// The mean magnitude on the calibration cases.
        case mean
        /// The map of mean magnitudes around each position (Rastegari et al.).
        case map
    }

    /// What is taken from the inputs before their signs.
    public enum Offset: String, Sendable, Hashable, Codable, CaseIterable {
        case zero
        /// Each channel's mean on the calibration cases.
        case mean
    }

    /// How the filters' scales and the bias are chosen.
    public enum Fit: String, Sendable, Hashable, Codable, CaseIterable {
        /// Mean magnitudes of weights; the bias takes the response to `mu` in the middle of an image.
        case weights
        /// To the layer's responses on the calibration cases: real weights for the signs of inputs by least squares, then signs
        /// and a magnitude for these, see `ResponseFit`.
        case responses
    }

    public static let description = StepDescription(
        name: "binary-activations",
        summary: "Multiplies signs of a layer's inputs with signs of its weights and scales the counts",
        citation:
            "Courbariaux et al.: Binarized Neural Networks, 2016; Rastegari, Ordonez, Redmon, Farhadi: XNOR-Net, 2016; "
            + "Liu, Shen, Savvides, Cheng: ReActNet, 2020 (thresholds)",
        parameters: [
            ParameterDescription(
                "inputScale", "What the signs of inputs are multiplied by",
                .choice(InputScale.allCases.map(\.rawValue), default: "mean")),
            ParameterDescription(
                "offset", "What is taken from the inputs before their signs",
                .choice(Offset.allCases.map(\.rawValue), default: "mean")),
            ParameterDescription(
                "fit", "How the filters' scales and the bias are chosen",
                .choice(Fit.allCases.map(\.rawValue), default: "responses")),
            ParameterDescription(
                "positions", "Output positions of a case that are looked at", .integer(1...4096, default: 32)),
        ], categories: [.binarization], profits: [.storage, .activations, .binaryProducts])

    public var layers: LayerSelection
    private let inputScale: InputScale
    private let offset: Offset
    private let fit: Fit
    private let positions: Int

    public init(
        layers: LayerSelection = .all, inputScale: InputScale = .mean, offset: Offset = .mean, fit: Fit = .responses,
        positions: Int = 32
    ) {
        self.layers = layers
        self.inputScale = inputScale
        self.offset = offset
        self.fit = fit
        self.positions = positions
    }

    public init(layers: LayerSelection, parameters: StepParameters) {
        self.init(
            layers: layers, inputScale: parameters.choice("inputScale"), offset: parameters.choice("offset"),
            fit: parameters.choice("fit"), positions: parameters.integer("positions") ?? 32)
    }

    public var parameters: [String: ParameterValue] {
        [
            "inputScale": .text(inputScale.rawValue), "offset": .text(offset.rawValue), "fit": .text(fit.rawValue),
            "positions": .integer(positions),
        ]
    }

    public var category: StepCategory { .binarization }

    public func transform(
        _ compressed: CompressedNetwork, layers: [String], observing observer: any ActivationObserver
    ) throws -> StepOutcome {
        let weighted = compressed.network.nodes.filter { $0.weights != nil }.map(\.name)
        let ends = Set([weighted.first, weighted.last].compactMap { $0 })
        let admitted = try self.layers.admit(layers, to: Self.description.name) { layer in
            ends.contains(layer) && !self.layers.patterns.contains(layer)
                ? "the first and the last layer are binary only if they are named" : refusal(of: layer, in: compressed)
        }
        var result = compressed
        if result.grids.isEmpty { result.network = result.network.applying(BatchNormalizationFolding()) }
        let before = fit == .responses ? result.network : nil
        var touched: [String] = []
        let remarks = try result.changeEach(admitted) { result, place in
            let node = result.network.nodes[place]
            guard var sample = BinaryLayerSample(of: node, in: result.network, offset: offset) else { return [] }
            if offset == .mean || inputScale == .mean || fit == .responses {
                try sample.observe(node, in: result.network, before: before, observing: observer, positions: positions)
            }
            let layer = try sample.layer(inputScale: inputScale, fit: fit)
            touched += try result.replace(layer: node.name, byBinary: layer)
            return ["layer '\(node.name)': scale of inputs \(layer.beta.map { "\($0)" } ?? "of each position")"]
        }
        return StepOutcome(result, touched: touched, remarks: remarks)
    }

    /// Why a layer cannot have binary inputs, or nil if it can.
    private func refusal(of layer: String, in compressed: CompressedNetwork) -> String? {
        let network = compressed.network
        guard let node = network.node(ofLayer: layer), let id = node.weights, network[id].isFloat,
            network[id].constant != nil, network[node.inputs[0]].isFloat,
            node.bias.map({ network[$0].constant != nil }) ?? true
        else { return "its numbers are no reals" }
        if let producer = network.producers[node.inputs[0]],
            network.nodes[producer].operation is BipolarQuantization
        {
            return "its inputs are signs already"
        }
        let (input, depth) = (network[node.inputs[0]].shape, network[id].shape.extents.last ?? 0)
        if let convolution = node.operation as? Convolution2D {
            return convolution.groups == 1 ? nil : "a convolution in groups"
        }
        guard node.operation is FullyConnected else { return "neither a convolution nor a fully connected layer" }
        return input.extents.last == depth || input.elementCount == depth
            ? nil : "its rows lie across axes of its input"
    }
}
