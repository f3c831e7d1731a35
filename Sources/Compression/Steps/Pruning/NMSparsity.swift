import Networks
import Tensors

/// Of every M neighbouring weights of a filter the N with the largest magnitudes stay.
///
/// Neighbours lie along the reduction of one output channel (rows, columns and inputs of its kernel, inputs innermost), in blocks
/// from its first weight on, as machines for structured sparsity count them. Weights are not made up for; Optimal Brain Surgeon
/// with the same pattern does that.
public struct NMSparsity: CompressionStep {
    public static let description = StepDescription(
        name: "n-m-sparsity",
        summary: "Keeps the N largest of every M neighbouring weights",
        citation: "Mishra et al.: Accelerating Sparse Deep Neural Networks, 2021",
        parameters: [
            ParameterDescription(
                "pattern", "Weights that stay of how many neighbours",
                .choice(NeighbourPattern.allCases.map(\.rawValue), default: NeighbourPattern.twoOfFour.rawValue))
        ], categories: [.sparsification], profits: [.storage, .zeroSkipping])

    public var layers: LayerSelection
    public var pattern: NeighbourPattern

    public init(layers: LayerSelection = .all, pattern: NeighbourPattern = .twoOfFour) {
        self.layers = layers
        self.pattern = pattern
    }

    public init(layers: LayerSelection, parameters: StepParameters) {
        self.init(layers: layers, pattern: parameters.choice("pattern"))
    }

    public var parameters: [String: ParameterValue] { ["pattern": .text(pattern.rawValue)] }

    public var category: StepCategory { .sparsification }

    public func transform(
        _ compressed: CompressedNetwork, layers: [String], observing observer: any ActivationObserver
    ) throws -> StepOutcome {
        let admitted = try self.layers.admit(layers, to: "N:M sparsity", reason: compressed.maskingRefusal)
        var result = compressed
        result.mask(admitted) { node, weights in
            let filters = WeightGroups(
                shape: weights.shape, computeClass: node.operation.computeClass, granularity: .filter)
            return pattern.mask(of: weights.reals, filters: filters)
        }
        return StepOutcome(result, touched: admitted)
    }
}
