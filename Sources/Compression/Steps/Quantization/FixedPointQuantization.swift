import Diagnostics
import FixedPoint
import Networks
import Tensors

/// Weights and activations move to grids of integers: symmetric for weights, affine for activations.
///
/// A float network becomes integer as a whole, its bit widths chosen by layer. Of an integer network the selected
/// layers' weights move to fewer bits; activation widths change only where asked. Weights that take shared values, or are
/// composed from stored parts, keep that form: the stored numbers become integers, on one scale a layer where channels share
/// them, and elements are what is composed of those. Other computed elements are rounded behind their rule. The form is dropped
/// where plain integers take no more bits.
public struct FixedPointQuantization: CompressionStep {
    /// Over what a weight scale is shared.
    public enum WeightScales: String, Sendable, Hashable, Codable, CaseIterable {
        /// One scale for each output channel.
        case channel
        /// One scale for the tensor.
        case tensor
    }

    public static let description = StepDescription(
        name: "fixed-point-quantization",
        summary: "Moves weights and activations to grids of integers, activation ranges from calibration",
        citation:
            "Jacob et al.: Quantization and Training of Neural Networks for Integer-Arithmetic-Only Inference, 2018",
        parameters: [
            ParameterDescription("weightBits", "Width of weights", .integer(2...16, default: 8)),
            ParameterDescription(
                "activationBits", "Width of activations; 8 from float, unchanged on integers if left out",
                .integer(1...16, default: nil)),
            ParameterDescription(
                "weightScales", "Over what a weight scale is shared",
                .choice(["channel", "tensor"], default: "channel")),
            ParameterDescription(
                "symmetricActivations", "Zero point 0 for all activations", .flag(default: false)),
            ParameterDescription(
                "weightClipping", "How the ends of weight ranges are chosen",
                .choice(Clipping.allCases.map(\.rawValue), default: "max")),
            ParameterDescription(
                "activationClipping", "How the ends of activation ranges are chosen",
                .choice(Clipping.allCases.map(\.rawValue), default: "max")),
            ParameterDescription(
                "percentile", "Percent of the numbers kept inside by percentile clipping",
                .number(50.0001...100, default: 99.99)),
            ParameterDescription("layerWeightBits", "Width of weights by layer", .table(2...16)),
            ParameterDescription(
                "layerActivationBits", "Width of a layer's result, or of a value, by name", .table(1...16)),
        ], categories: [.quantization], profits: [.storage, .activations, .narrowProducts])

    public var layers: LayerSelection
    public var weightBits: Int
    public var activationBits: Int?
    public var weightScales: WeightScales
    public var symmetricActivations: Bool
    public var weightClipping: Clipping
    public var activationClipping: Clipping
    public var percentile: Double
    /// By the name of a layer or of the layer from which it was made.
    public var layerWeightBits: [String: Int]
    /// By the name of a value, of the layer that writes it, or of the layer from which that was made.
    public var layerActivationBits: [String: Int]

    /// - Parameters:
    ///   - weightBits: 2...16.
    ///   - activationBits: 1...16, at least 2 when symmetric; nil for 8 from float and no change on integers.
    public init(
        layers: LayerSelection = .all, weightBits: Int = 8, activationBits: Int? = nil,
        weightScales: WeightScales = .channel, symmetricActivations: Bool = false, weightClipping: Clipping = .max,
        activationClipping: Clipping = .max, percentile: Double = 99.99, layerWeightBits: [String: Int] = [:],
        layerActivationBits: [String: Int] = [:]
    ) {
        self.layers = layers
        self.weightBits = weightBits
        self.activationBits = activationBits
        self.weightScales = weightScales
        self.symmetricActivations = symmetricActivations
        self.weightClipping = weightClipping
        self.activationClipping = activationClipping
        self.percentile = percentile
        self.layerWeightBits = layerWeightBits
        self.layerActivationBits = layerActivationBits
    }

    public init(layers: LayerSelection, parameters: StepParameters) {
        self.init(
            layers: layers, weightBits: parameters.integer("weightBits") ?? 8,
            activationBits: parameters.integer("activationBits"), weightScales: parameters.choice("weightScales"),
            symmetricActivations: parameters.flag("symmetricActivations"),
            weightClipping: parameters.choice("weightClipping"),
            activationClipping: parameters.choice("activationClipping"),
            percentile: parameters.number("percentile") ?? 99.99, layerWeightBits: parameters.table("layerWeightBits"),
            layerActivationBits: parameters.table("layerActivationBits"))
    }

    public var parameters: [String: ParameterValue] {
        var parameters: [String: ParameterValue] = [
            "weightBits": .integer(weightBits), "weightScales": .text(weightScales.rawValue),
            "symmetricActivations": .flag(symmetricActivations), "weightClipping": .text(weightClipping.rawValue),
            "activationClipping": .text(activationClipping.rawValue), "percentile": .number(percentile),
        ]
        if let activationBits { parameters["activationBits"] = .integer(activationBits) }
        if !layerWeightBits.isEmpty { parameters["layerWeightBits"] = .table(layerWeightBits) }
        if !layerActivationBits.isEmpty { parameters["layerActivationBits"] = .table(layerActivationBits) }
        return parameters
    }

    public var category: StepCategory { .quantization }

    public func transform(
        _ compressed: CompressedNetwork, layers: [String], observing observer: any ActivationObserver
    ) throws -> StepOutcome {
        try refuseUnknownNames(in: compressed)
        if compressed.isInteger { return try requantize(compressed, layers: layers) }
        try refuseMixture(in: compressed, layers: layers)
        var prepared = compressed
        let remarks = prepared.makeNormalizationsLayers()
        var outcome = try quantize(prepared, statistics: observer.statistics(of: prepared.network))
        outcome.remarks = remarks + outcome.remarks
        return outcome
    }

    /// Width of the weights of a layer, by its own name first, then by that of its origin.
    func weightBits(of layer: String, in compressed: CompressedNetwork) -> Int {
        layerWeightBits[layer] ?? layerWeightBits[compressed.origin(of: layer)] ?? weightBits
    }

    /// The grid of a layer's weights.
    ///
    /// - Parameters:
    ///   - axis: along which scales differ, or nil for one scale.
    ///   - spare: largest integers that are left free for sums of rounded numbers, which are not clipped.
    func weightGrid(
        of reals: [Double], node: Node, in compressed: CompressedNetwork, bias: [Double], axis: Int?, spare: Int = 0
    ) -> WeightGrid? {
        guard let id = node.weights else { return nil }
        let choice = WeightGrid.Choice(
            bits: weightBits(of: node.name, in: compressed), clipping: spare > 0 ? .max : weightClipping,
            percentile: percentile, axis: axis, spare: spare)
        let input = Double(compressed.network[node.inputs[0]].quantization?.scale ?? 1)
        let least = bias.map { abs($0) / (input * CompressedNetwork.largestBias) }
        return WeightGrid(reals, shape: compressed.network[id].shape, choice: choice, leastScales: least)
    }

    private func refuseUnknownNames(in compressed: CompressedNetwork) throws {
        let layers = Set(compressed.network.nodes.flatMap { [$0.name, compressed.origin(of: $0.name)] })
        let values = Set(compressed.network.values.map(\.name))
        let strays =
            layerWeightBits.keys.filter { !layers.contains($0) }
            + layerActivationBits.keys.filter { !layers.contains($0) && !values.contains($0) }
        guard strays.isEmpty else {
            throw Diagnostics(strays.sorted().map { Diagnostic(layer: $0, "no layer or value has this name") })
        }
        if symmetricActivations, ([activationBits].compactMap { $0 } + layerActivationBits.values).contains(1) {
            throw Diagnostics([Diagnostic("symmetric activations need at least 2 bits")])
        }
    }

    private func refuseMixture(in compressed: CompressedNetwork, layers: [String]) throws {
        let network = compressed.network
        let selected = Set(layers)
        let findings = network.nodes.compactMap { node -> Diagnostic? in
            if let value = (node.inputs + node.outputs).first(where: { !network[$0].isFloat }) {
                return Diagnostic(
                    layer: node.name, "'\(network[value].name)' holds integers in a network with layers in float")
            }
            guard let weights = node.weights else { return nil }
            if network[weights].constant == nil { return Diagnostic(layer: node.name, "its weights are computed") }
            if selected.contains(node.name) { return nil }
            return Diagnostic(
                layer: node.name, "not selected, but a float network is quantized as a whole",
                fix: "select all layers and choose widths with layerWeightBits")
        }
        guard findings.isEmpty else { throw Diagnostics(findings) }
    }
}

extension CompressedNetwork {
    /// `true` when every layer with weights computes in integers.
    var isInteger: Bool {
        let weighted = network.nodes.filter { $0.weights != nil }
        return !weighted.isEmpty
            && weighted.allSatisfy { node in
                node.weights.map { !network[$0].isFloat } ?? false && network[node.inputs[0]].quantization != nil
            }
    }
}
