import Diagnostics
import FixedPoint
import Networks
import Tensors

/// Weights move to a grid of few bits, each up or down so that the layer still answers as before.
///
/// Layer by layer, in the order of execution: `X` are patches of what the layer reads in the network as rounded so far, `Y`
/// its responses in the network that the step was given. The least-squares filters for `Y` on `X`, held near the old ones by a
/// ridge, are rounded with the covariance of `X` as curvature (`ResponseRounding`), the step of each filter is fitted with
/// them, and the bias brings the mean response to that of `Y`. Nothing is propagated back; what later layers make of the
/// error is not seen. Zeros stay zeros. Scales are one a filter; with `groupSize` each run of so many weights of a filter has a
/// step that is a power of two times the filter's, stored in two bits (`ShiftedGroups`), so that integers stay exact. An integer network keeps its activations; in a float
/// network weights stay reals on their grid until the network is quantized. Weights move one by one: shared values and stored
/// parts are lost, which `fixed-point-quantization` keeps.
public struct ReconstructedRounding: CompressionStep {
    public static let description = StepDescription(
        name: "reconstructed-rounding",
        summary: "Rounds weights to few bits so that each layer's responses on calibration cases change least",
        citation:
            "Nagel, Amjad, van Baalen, Louizos, Blankevoort: Up or Down? Adaptive Rounding for Post-Training "
            + "Quantization, 2020; Frantar, Ashkboos, Hoefler, Alistarh: GPTQ, 2023",
        parameters: [
            ParameterDescription("weightBits", "Width of weights", .integer(2...8, default: 4)),
            ParameterDescription(
                "positions", "Output positions of a case from which a layer is fitted, at most",
                .integer(1...4096, default: 64)),
            ParameterDescription(
                "damping", "Part of the mean curvature that holds weights where calibration says little",
                .number(1e-6...1, default: 0.1)),
            ParameterDescription(
                "groupSize", "Weights of a filter that share a power of two; one scale a filter if left out",
                .integer(2...4096, default: nil)),
            ParameterDescription("layerWeightBits", "Width of weights by layer", .table(2...8)),
        ], categories: [.quantization], profits: [.storage, .narrowProducts])

    public var layers: LayerSelection
    /// 2...8.
    public var weightBits: Int
    /// 1...4096.
    public var positions: Int
    /// 1e-6...1.
    public var damping: Double
    /// 2...4096, or nil for one scale a filter.
    public var groupSize: Int?
    /// By the name of a layer or of the layer from which it was made.
    public var layerWeightBits: [String: Int]

    public init(
        layers: LayerSelection = .all, weightBits: Int = 4, positions: Int = 64, damping: Double = 0.1,
        groupSize: Int? = nil, layerWeightBits: [String: Int] = [:]
    ) {
        self.layers = layers
        self.weightBits = weightBits
        self.positions = positions
        self.damping = damping
        self.groupSize = groupSize
        self.layerWeightBits = layerWeightBits
    }

    public init(layers: LayerSelection, parameters: StepParameters) {
        self.init(
            layers: layers, weightBits: parameters.integer("weightBits") ?? 4,
            positions: parameters.integer("positions") ?? 64, damping: parameters.number("damping") ?? 0.1,
            groupSize: parameters.integer("groupSize"), layerWeightBits: parameters.table("layerWeightBits"))
    }

    public var parameters: [String: ParameterValue] {
        var parameters: [String: ParameterValue] = [
            "weightBits": .integer(weightBits), "positions": .integer(positions), "damping": .number(damping),
        ]
        if let groupSize { parameters["groupSize"] = .integer(groupSize) }
        if !layerWeightBits.isEmpty { parameters["layerWeightBits"] = .table(layerWeightBits) }
        return parameters
    }

    public var category: StepCategory { .quantization }

    public func transform(
        _ compressed: CompressedNetwork, layers: [String], observing observer: any ActivationObserver
    ) throws -> StepOutcome {
        var (given, remarks) = (compressed, [String]())
        if !given.isInteger { remarks = given.makeNormalizationsLayers() }
        let admitted = try self.layers.admit(layers, to: Self.description.name) { refusal(of: $0, in: given) }
        var result = given
        var findings: [Diagnostic] = []
        for layer in admitted {
            do {
                remarks += try round(layer, of: &result, given: given, observing: observer)
            } catch let finding as Diagnostic {
                findings.append(finding.ofLayer(layer))
            }
        }
        guard findings.isEmpty else { throw Diagnostics(findings) }
        return StepOutcome(result, touched: admitted, remarks: remarks)
    }

    private func bits(of layer: String, in compressed: CompressedNetwork) -> Int {
        layerWeightBits[layer] ?? layerWeightBits[compressed.origin(of: layer)] ?? weightBits
    }

    /// Why a layer cannot be rounded, or nil if it can.
    private func refusal(of layer: String, in compressed: CompressedNetwork) -> String? {
        guard let place = compressed.network.place(ofLayer: layer),
            let weights = compressed.network.nodes[place].weights.map({ compressed.network[$0] }),
            LayerPatches(compressed.network.nodes[place], in: compressed.network) != nil
        else { return "its filters are not those of a convolution or a fully connected layer" }
        let held = weights.quantization ?? compressed.grids[weights.name]
        guard weights.constant != nil else { return "its weights are computed" }
        guard weights.isFloat || weights.quantization != nil else { return "its integers stand for no reals" }
        if let held, held.format.bits <= bits(of: layer, in: compressed) {
            return "its weights have \(held.format.bits) bits already"
        }
        if groupSize != nil, weights.isFloat { return "shifts of groups are shifts of integers; quantize it first" }
        return nil
    }

    private func round(
        _ layer: String, of result: inout CompressedNetwork, given: CompressedNetwork,
        observing observer: any ActivationObserver
    ) throws -> [String] {
        guard let place = result.network.place(ofLayer: layer), let source = given.network.place(ofLayer: layer),
            let patches = LayerPatches(result.network.nodes[place], in: result.network)
        else { return [] }
        let node = result.network.nodes[place]
        let targets = try observer.responses(
            of: given.network.nodes[source], in: given.network, positions: positions)
        let moments = try observer.moments(of: node, in: result.network, positions: positions, targets: targets)
        let axis = result.network.outputAxis(ofWeightsOf: node)
        var rounded = RoundedLayer(
            patches, bits: bits(of: layer, in: given), groupSize: axis == 0 ? groupSize : nil,
            bias: result.biasReals(of: node))
        let reals = node.weights.map { result.network[$0].reals } ?? []
        let input = Double(result.network[node.inputs[0]].quantization?.scale ?? 1)
        for group in moments.indices {
            try rounded.fit(
                patches.filters(of: reals, group: group), group: group, moments: moments[group], damping: damping,
                largestBias: input * CompressedNetwork.largestBias)
        }
        result.giveBias(toNodeAt: place)
        let remarks = result.place(
            nodeAt: place, weights: rounded.integers, on: rounded.grid(axis: axis), bias: rounded.bias)
        if let composition = rounded.composition, let id = result.network.nodes[place].weights {
            result.compositions[result.network[id].name] = composition
        }
        return remarks
    }
}
