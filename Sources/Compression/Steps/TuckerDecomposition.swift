import Diagnostics
public import Networks
import Tensors

/// A convolution becomes a pointwise one to `inputRank` channels, the kernel to `outputRank` channels, and a pointwise one.
///
/// Tucker-2 by higher-order orthogonal iteration from the truncated higher-order singular vectors. Weights:
/// `S*R3 + height*width*R3*R4 + T*R4` for `height*width*S*T`.
public struct TuckerDecomposition: CompressionStep {
    public static let description = StepDescription(
        name: "tucker-decomposition",
        summary: "Splits a convolution in a pointwise one, a smaller kernel and another pointwise one",
        citation:
            "Kim, Park, Yoo, Choi, Yang, Shin: Compression of Deep CNNs for Fast and Low Power Mobile Applications, 2016",
        parameters: [
            ParameterDescription(
                "inputRank", "Channels between the first and second stage; give this or a fraction",
                .integer(1...1_048_576, default: nil)),
            ParameterDescription(
                "outputRank", "Channels between the second and third stage; give this or a fraction",
                .integer(1...1_048_576, default: nil)),
            ParameterDescription(
                "fraction", "Part of both full ranks kept, at least rank 1; give this or the ranks",
                .number(0.0001...1, default: nil)),
            ParameterDescription("iterations", "Rounds of orthogonal iteration", .integer(0...100, default: 5)),
        ], categories: [.decomposition], profits: [.storage, .products])

    public var layers: LayerSelection
    private let inputRank: Int?
    private let outputRank: Int?
    private let fraction: Double?
    private let iterations: Int

    /// - Parameters: give either both ranks, 1 to the channels of that side, or `fraction` of both.
    public init(
        layers: LayerSelection, inputRank: Int? = nil, outputRank: Int? = nil, fraction: Double? = nil,
        iterations: Int = 5
    ) {
        self.layers = layers
        self.inputRank = inputRank
        self.outputRank = outputRank
        self.fraction = fraction
        self.iterations = iterations
    }

    public init(layers: LayerSelection, parameters: StepParameters) {
        self.init(
            layers: layers, inputRank: parameters.integer("inputRank"), outputRank: parameters.integer("outputRank"),
            fraction: parameters.number("fraction"), iterations: parameters.integer("iterations") ?? 5)
    }

    public var parameters: [String: ParameterValue] {
        var parameters: [String: ParameterValue] = ["iterations": .integer(iterations)]
        if let inputRank { parameters["inputRank"] = .integer(inputRank) }
        if let outputRank { parameters["outputRank"] = .integer(outputRank) }
        if let fraction { parameters["fraction"] = .number(fraction) }
        return parameters
    }

    public var category: StepCategory { .decomposition }

    /// The full ranks of a float convolution without groups and with a kernel above 1x1, or nil for another layer.
    public static func fullRank(of layer: String, in network: Network) -> (input: Int, output: Int)? {
        guard let node = network.nodes.first(where: { $0.name == layer }),
            let convolution = node.operation as? Convolution2D, convolution.groups == 1,
            let tensor = node.weights.flatMap({ network[$0].constant }), tensor.elementType == .float32,
            tensor.shape.elementCount > 0, tensor.shape[1] * tensor.shape[2] > 1
        else { return nil }
        let (outputs, window, inputs) = (tensor.shape[0], tensor.shape[1] * tensor.shape[2], tensor.shape[3])
        return (min(inputs, outputs * window), min(outputs, inputs * window))
    }

    public func transform(
        _ compressed: CompressedNetwork, layers: [String], observing observer: any ActivationObserver
    ) throws -> StepOutcome {
        let admitted = try self.layers.admit(layers, to: "Tucker decomposition") { layer in
            Self.fullRank(of: layer, in: compressed.network) == nil
                ? "not a float convolution without groups and with a kernel above 1x1" : nil
        }
        var result = compressed
        let touched = try result.replaceEach(admitted) { node, weights in
            guard let convolution = node.operation as? Convolution2D,
                let full = Self.fullRank(of: node.name, in: compressed.network)
            else { return [] }
            var input = try Rank(rank: inputRank, fraction: fraction)
                .resolve(full: full.input, layer: node.name, name: "inputRank")
            var output = try Rank(rank: outputRank, fraction: fraction)
                .resolve(full: full.output, layer: node.name, name: "outputRank")
            let window = weights.shape[1] * weights.shape[2]
            if fraction != nil { (input, output) = (min(input, output * window), min(output, input * window)) }
            guard input <= output * window, output <= input * window else {
                throw Diagnostic(
                    layer: node.name,
                    "ranks \(input) and \(output): neither may be above \(window) times the other, the kernel's places")
            }
            let tucker = try TuckerFactors(weights, inputRank: input, outputRank: output, iterations: iterations)
            return tucker.stages(of: convolution)
        }
        return StepOutcome(result, touched: touched)
    }
}

extension TuckerFactors {
    fileprivate func stages(of convolution: Convolution2D) -> [LayerStage] {
        [
            LayerStage(operation: Convolution2D(), weights: first),
            LayerStage(operation: Convolution2D(window: convolution.window), weights: core),
            LayerStage(operation: Convolution2D(activation: convolution.activation), weights: last),
        ]
    }
}
