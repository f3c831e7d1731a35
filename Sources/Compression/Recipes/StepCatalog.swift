public import Diagnostics

/// The compression steps that a recipe may name.
public struct StepCatalog: Sendable {
    public var types: [any CompressionStep.Type]

    public init(_ types: [any CompressionStep.Type]) {
        self.types = types
    }

    /// Every step of this package, in the order in which they are usually applied.
    public static let standard = StepCatalog([
        FullyConnectedSVD.self,
        TensorTrainDecomposition.self,
        MonochromaticDecomposition.self,
        BiclusteredSVD.self,
        SpatialDecomposition.self,
        TuckerDecomposition.self,
        DepthwiseSeparableRewrite.self,
        GroupedRewrite.self,
        FireRewrite.self,
        CirculantProjection.self,
        BlockTermDecomposition.self,
        CanonicalDecomposition.self,
        ResponseDecomposition.self,
        LocalBinaryConvolution.self,
        LayerRemoval.self,
        NeuronMerge.self,
        ThiNet.self,
        LassoChannelSelection.self,
        ReduceAndReuse.self,
        MagnitudePruning.self,
        InboundPruning.self,
        OptimalBrainSurgeon.self,
        NMSparsity.self,
        KernelPatternPruning.self,
        StridedKernelPruning.self,
        Perforation.self,
        WeightSharing.self,
        ProductQuantization.self,
        ResidualQuantization.self,
        ResponseProductQuantization.self,
        HashedWeights.self,
        FunctionalHashing.self,
        FrequencyPacking.self,
        CrossLayerEqualization.self,
        DynamicTreeWeights.self,
        BinaryWeights.self,
        BinaryActivations.self,
        StochasticFixedPoint.self,
        FixedPointQuantization.self,
        SQNRAllocation.self,
        ReconstructedRounding.self,
        BiasCorrection.self,
        TernaryWeights.self,
        NetworkSketching.self,
        ThresholdFolding.self,
        ExecutionForm.self,
        StorageCoding.self,
    ])

    public var descriptions: [StepDescription] { types.map { $0.description } }

    /// All faults of a recipe: unknown steps, unknown parameters, values out of range.
    public func findings(_ recipe: Recipe, file: String) -> [Diagnostic] {
        recipe.steps.enumerated().flatMap { index, entry -> [Diagnostic] in
            let place = "steps[\(index)]"
            guard let type = types.first(where: { $0.description.name == entry.step }) else {
                let known = types.map { $0.description.name }.joined(separator: ", ")
                let location = SourceLocation(file: file, position: .part("\(place).step"))
                return [Diagnostic("no step is called '\(entry.step)'", at: location, fix: "steps: \(known)")]
            }
            return type.description.findings(entry.parameters, at: "\(place).parameters", file: file)
        }
    }

    /// The steps of a recipe, ready to be applied.
    ///
    /// - Throws: `Diagnostics` with every fault.
    public func steps(of recipe: Recipe, file: String = "recipe") throws -> [any CompressionStep] {
        let findings = findings(recipe, file: file)
        guard findings.isEmpty else { throw Diagnostics(findings) }
        return recipe.steps.compactMap { entry in
            types.first { $0.description.name == entry.step }.map { type in
                type.init(
                    layers: entry.layers, parameters: StepParameters(entry.parameters, for: type.description))
            }
        }
    }
}
