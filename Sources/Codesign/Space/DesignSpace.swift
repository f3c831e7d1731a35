import Compression

/// The axes along which every layer may be varied.
public struct DesignSpace: Sendable, Hashable, Codable {
    /// Widths of weights to try; 1 is binary.
    public var weightBits: [Int]
    /// Widths of activations to try.
    public var activationBits: [Int]
    /// Lists of steps to try before quantization; the empty list leaves the layer's structure as it is.
    public var moves: [[LayerChoice.Move]]

    public init(weightBits: [Int], activationBits: [Int], moves: [[LayerChoice.Move]]) {
        self.weightBits = weightBits
        self.activationBits = activationBits
        self.moves = moves
    }

    private static func prune(_ granularity: String, _ density: Double) -> LayerChoice.Move {
        LayerChoice.Move(
            step: "magnitude-pruning",
            parameters: ["granularity": .text(granularity), "density": .number(density)])
    }

    private static func decompose(_ step: String, _ fraction: Double) -> LayerChoice.Move {
        LayerChoice.Move(step: step, parameters: ["fraction": .number(fraction)])
    }

    /// Bits, pruning granularity and density, and rank; steps that do not suit a layer drop out for it.
    public static let standard = DesignSpace(
        weightBits: [8, 6, 4, 2, 1],
        activationBits: [8, 4],
        moves: [
            [],
            [prune("filter", 0.875)], [prune("filter", 0.75)], [prune("filter", 0.625)], [prune("filter", 0.5)],
            [prune("filter", 0.25)],
            [prune("kernel", 0.5)], [prune("vector", 0.5)], [prune("weight", 0.5)], [prune("weight", 0.25)],
            [decompose("spatial-decomposition", 0.75)], [decompose("spatial-decomposition", 0.5)],
            [decompose("spatial-decomposition", 0.25)],
            [decompose("tucker-decomposition", 0.75)], [decompose("tucker-decomposition", 0.5)],
            [decompose("fully-connected-svd", 0.5)],
        ])
}
