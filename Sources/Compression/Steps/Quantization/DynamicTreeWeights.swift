import Diagnostics
import Networks
import Tensors

/// Float weights become numbers of an 8-bit type whose precision follows their magnitude (`DynamicTree`), scaled by the
/// largest of the layer.
///
/// A byte is a sign, `k` zeros, a flag and a fraction `f` of `6 - k` bits: `10^-k * (0.1 + 0.9 * (f + 0.5) / 2^(6 - k))`, or 0
/// without a flag. Weights take the nearest. They stay reals and are multiplied as reals; stored are a byte a weight and the scale. Meant by its author for what computers
/// exchange in training; here it is a fixed table for weights of very different magnitudes.
public struct DynamicTreeWeights: CompressionStep {
    public static let description = StepDescription(
        name: "dynamic-tree",
        summary: "Stores float weights as bytes of sign, decades and a linear fraction",
        citation: "Dettmers: 8-Bit Approximations for Parallelism in Deep Learning, 2016",
        parameters: [], categories: [.sharing], profits: [.storage])

    public var layers: LayerSelection

    public init(layers: LayerSelection = .all) {
        self.layers = layers
    }

    public init(layers: LayerSelection, parameters: StepParameters) {
        self.init(layers: layers)
    }

    public var parameters: [String: ParameterValue] { [:] }
    public var category: StepCategory { .sharing }

    public func transform(
        _ compressed: CompressedNetwork, layers: [String], observing observer: any ActivationObserver
    ) throws -> StepOutcome {
        var result = compressed
        let admitted = try self.layers.admit(layers, to: Self.description.name) { layer in
            guard
                let weights = compressed.network.place(ofLayer: layer).flatMap({ compressed.network.nodes[$0].weights }
                ),
                compressed.network[weights].isFloat, compressed.network[weights].constant != nil
            else { return "its weights are not constant reals" }
            return compressed.grids[compressed.network[weights].name] == nil ? nil : "its weights lie on a grid"
        }
        for layer in admitted {
            guard let place = result.network.place(ofLayer: layer),
                let elements = result.network.nodes[place].weights.flatMap({ result.network[$0].constant?.floats })
            else { continue }
            try result.compose(nodeAt: place, by: DynamicTree.composition(of: elements))
        }
        return StepOutcome(result, touched: admitted)
    }
}
