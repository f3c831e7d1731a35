public import Compression

/// A change of one layer at a time, by which its sensitivity is told.
public struct SensitivityProbe: Sendable {
    /// What is done, for tables.
    public var name: String
    /// The recipe that changes one layer, given its name; everything else stays as exact as it can.
    public var recipe: @Sendable (_ layer: String) -> Recipe

    public init(name: String, recipe: @escaping @Sendable (_ layer: String) -> Recipe) {
        self.name = name
        self.recipe = recipe
    }

    /// Narrow weights, fewer weights, fewer filters, a low rank: one probe for each family of methods that needs no data.
    public static let standard = [
        SensitivityProbe(name: "4-bit weights") { layer in
            let quantization = FixedPointQuantization(
                weightBits: 16, activationBits: 16, layerWeightBits: [layer: 4])
            return Recipe(steps: [quantization.entry])
        },
        SensitivityProbe(name: "half the weights") { layer in
            Recipe(steps: [MagnitudePruning(layers: LayerSelection([layer]), density: 0.5).entry])
        },
        SensitivityProbe(name: "half the kernels") { layer in
            let pruning = MagnitudePruning(layers: LayerSelection([layer]), granularity: .kernel, density: 0.5)
            return Recipe(steps: [pruning.entry])
        },
        SensitivityProbe(name: "half the rank") { layer in
            Recipe(steps: [TuckerDecomposition(layers: LayerSelection([layer]), fraction: 0.5).entry])
        },
    ]
}
