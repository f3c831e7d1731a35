import Networks
import Tensors

/// Rows of weights become sums of vectors: k-means finds `k`, then `k` of what is left, stage by stage.
///
/// With `t` stages of whole rows of `n` weights an `m x n` matrix takes `32 t k n` bits for tables and `t m log2(k)` for places;
/// rows may be cut into parts as in `product-quantization`. No stage makes the squared error of the weights larger.
public struct ResidualQuantization: CompressionStep {
    public static let description = StepDescription(
        name: "residual-quantization",
        summary: "Makes rows of weights sums of table vectors, each stage found by k-means in what the last left",
        citation:
            "Gong, Liu, Yang, Bourdev: Compressing Deep Convolutional Networks using Vector Quantization, 2014; Chen, Guan, Wang: Approximate Nearest Neighbor Search by Residual Vector Quantization, 2010",
        parameters: [
            ParameterDescription(
                "length", "Weights of a vector, which divides a row; whole rows if left out",
                .integer(1...65_536, default: nil)),
            VectorTables.centers,
            ParameterDescription("stages", "Vectors in a sum", .integer(1...16, default: 2)),
        ], categories: [.sharing], profits: [.storage])

    public var layers: LayerSelection
    private let length: Int?
    private let centers: Int
    private let stages: Int

    package init(layers: LayerSelection = .all, length: Int? = nil, centers: Int = 16, stages: Int = 2) {
        (self.layers, self.length, self.centers, self.stages) = (layers, length, centers, stages)
    }

    public init(layers: LayerSelection, parameters: StepParameters) {
        self.init(
            layers: layers, length: parameters.integer("length"), centers: parameters.integer("centers") ?? 16,
            stages: parameters.integer("stages") ?? 2)
    }

    public var parameters: [String: ParameterValue] {
        var parameters: [String: ParameterValue] = ["centers": .integer(centers), "stages": .integer(stages)]
        if let length { parameters["length"] = .integer(length) }
        return parameters
    }

    public var category: StepCategory { .sharing }

    public func transform(
        _ compressed: CompressedNetwork, layers: [String], observing observer: any ActivationObserver
    ) throws -> StepOutcome {
        try VectorTables(count: centers, stages: stages) { length ?? $0 }
            .quantize(compressed, layers: layers, of: self.layers, step: Self.description.name)
    }
}
