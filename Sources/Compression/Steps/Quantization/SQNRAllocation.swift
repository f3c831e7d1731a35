import Diagnostics
import Networks
import Tensors
import Workloads

/// Each layer's weights get as many bits as pay: the noise of all layers adds up, a bit takes `slope` decibels off a layer's,
/// and costs the layer's parameters or products.
///
/// Widths come from `BitAllocation`, the slope from the optimal quantizers of normally distributed weights (5.30 dB a bit from 4
/// to 8 bits); then the network is quantized by `fixed-point-quantization` with these widths. A bias or an activation's noise does not count.
/// It is a model of weights alone: neither the gain of the layers behind nor the true distribution is looked at.
public struct SQNRAllocation: CompressionStep {
    /// What a bit of a layer costs.
    public enum Cost: String, Sendable, Hashable, Codable, CaseIterable {
        case parameters
        case products
    }

    public static let description = StepDescription(
        name: "sqnr-allocation",
        summary: "Quantizes with widths by layer that trade noise against size or products in closed form",
        citation: "Lin, Talathi, Annapureddy: Fixed Point Quantization of Deep Convolutional Networks, 2016",
        parameters: [
            ParameterDescription(
                "cost", "What a bit of a layer costs", .choice(Cost.allCases.map(\.rawValue), default: "parameters")),
            ParameterDescription(
                "meanBits", "Mean width of weights, weighted by cost", .number(2...16, default: 6)),
            ParameterDescription(
                "decibels", "Signal over noise of all weights together, in the place of a mean width",
                .number(0...100, default: nil)),
            ParameterDescription(
                "activationBits", "Width of activations; 8 from float, unchanged on integers if left out",
                .integer(1...16, default: nil)),
            ParameterDescription(
                "weightClipping", "How the ends of weight ranges are chosen",
                .choice(Clipping.allCases.map(\.rawValue), default: "mse")),
        ], categories: [.quantization], profits: [.storage, .activations, .narrowProducts])

    public var layers: LayerSelection
    public var cost: Cost
    /// 2...16.
    public var meanBits: Double
    /// 0...100, or nil for a mean width.
    public var decibels: Double?
    public var activationBits: Int?
    public var weightClipping: Clipping

    public init(
        layers: LayerSelection = .all, cost: Cost = .parameters, meanBits: Double = 6, decibels: Double? = nil,
        activationBits: Int? = nil, weightClipping: Clipping = .mse
    ) {
        self.layers = layers
        self.cost = cost
        self.meanBits = meanBits
        self.decibels = decibels
        self.activationBits = activationBits
        self.weightClipping = weightClipping
    }

    public init(layers: LayerSelection, parameters: StepParameters) {
        self.init(
            layers: layers, cost: parameters.choice("cost"), meanBits: parameters.number("meanBits") ?? 6,
            decibels: parameters.number("decibels"), activationBits: parameters.integer("activationBits"),
            weightClipping: parameters.choice("weightClipping"))
    }

    public var parameters: [String: ParameterValue] {
        var parameters: [String: ParameterValue] = [
            "cost": .text(cost.rawValue), "meanBits": .number(meanBits),
            "weightClipping": .text(weightClipping.rawValue),
        ]
        if let decibels { parameters["decibels"] = .number(decibels) }
        if let activationBits { parameters["activationBits"] = .integer(activationBits) }
        return parameters
    }

    public var category: StepCategory { .quantization }

    public func transform(
        _ compressed: CompressedNetwork, layers: [String], observing observer: any ActivationObserver
    ) throws -> StepOutcome {
        let costs = layers.map { cost(of: $0, in: compressed.network) }
        let faults = layers.indices.filter { costs[$0] <= 0 }
        guard faults.isEmpty else {
            throw Diagnostics(faults.map { Diagnostic(layer: layers[$0], "it has no weights to allocate bits for") })
        }
        let allocation = BitAllocation(costs: costs)
        let widths = decibels.map(allocation.widths(decibels:)) ?? allocation.widths(meanBits: meanBits)
        let step = FixedPointQuantization(
            layers: self.layers, activationBits: activationBits, weightClipping: weightClipping,
            layerWeightBits: Dictionary(zip(layers, widths)) { first, _ in first })
        var outcome = try step.transform(compressed, layers: layers, observing: observer)
        outcome.remarks += zip(layers, widths).map { "layer '\($0)': weights of \($1) bits" }
        return outcome
    }

    private func cost(of layer: String, in network: Network) -> Double {
        guard let place = network.place(ofLayer: layer), let id = network.nodes[place].weights else { return 0 }
        let node = network.nodes[place]
        switch cost {
        case .parameters: return Double(network[id].shape.elementCount)
        case .products:
            let (inputs, outputs) = network.shapes(of: node)
            return Double(node.operation.loops(inputs: inputs, outputs: outputs).multiplications)
        }
    }
}
