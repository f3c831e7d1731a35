import Networks
import Tensors

/// Rows of weights are cut into vectors, and each takes the nearest of `k` that k-means finds for its place in the row.
///
/// Of an `m x n` matrix with rows in `s` parts, tables take `32 k n` bits and places `log2(k) m s`: the rate is
/// `32 m n / (32 k n + log2(k) m s)`. A convolution's filters are its rows. Lossless where no part has more than `k` distinct
/// vectors. The error that counts is that of the weights; `response-product-quantization` counts that of responses.
public struct ProductQuantization: CompressionStep {
    public static let description = StepDescription(
        name: "product-quantization",
        summary: "Cuts rows of weights into vectors, each the nearest of a table that k-means finds for its place",
        citation:
            "Gong, Liu, Yang, Bourdev: Compressing Deep Convolutional Networks using Vector Quantization, 2014; Jégou, Douze, Schmid: Product Quantization for Nearest Neighbor Search, 2011",
        parameters: [VectorTables.length, VectorTables.centers], categories: [.sharing],
        profits: [.storage, .tableLookup])

    public var layers: LayerSelection
    private let length: Int
    private let centers: Int

    package init(layers: LayerSelection = .all, length: Int = 4, centers: Int = 16) {
        (self.layers, self.length, self.centers) = (layers, length, centers)
    }

    public init(layers: LayerSelection, parameters: StepParameters) {
        self.init(
            layers: layers, length: parameters.integer("length") ?? 4, centers: parameters.integer("centers") ?? 16)
    }

    public var parameters: [String: ParameterValue] {
        ["length": .integer(length), "centers": .integer(centers)]
    }

    public var category: StepCategory { .sharing }

    public func transform(
        _ compressed: CompressedNetwork, layers: [String], observing observer: any ActivationObserver
    ) throws -> StepOutcome {
        try VectorTables(count: centers, stages: 1) { _ in length }
            .quantize(compressed, layers: layers, of: self.layers, step: Self.description.name)
    }
}
