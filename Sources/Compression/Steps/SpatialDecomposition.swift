import Diagnostics
public import Networks
import Tensors

/// A convolution becomes one along the height to `rank` maps and one along the width from there.
///
/// Scheme 2 of the source with the filter (least squares) fit: the weights as a matrix of (input channel, row) by (column,
/// output channel) are factored by singular values. Weights: `rank * height * C + rank * width * N` for `N * height *
/// width * C`. In a grouped convolution every group has `rank` maps.
public struct SpatialDecomposition: CompressionStep {
    public static let description = StepDescription(
        name: "spatial-decomposition",
        summary: "Splits a convolution in a vertical and a horizontal one of the given rank",
        citation: "Jaderberg, Vedaldi, Zisserman: Speeding up CNNs with Low Rank Expansions, 2014",
        parameters: [Rank.rankParameter, Rank.fractionParameter], categories: [.decomposition],
        profits: [.storage, .products])

    public var layers: LayerSelection
    private let rank: Rank

    /// - Parameters: give either `rank`, 1 to the full rank, or `fraction` of the full rank, above 0 to 1.
    public init(layers: LayerSelection, rank: Int? = nil, fraction: Double? = nil) {
        self.layers = layers
        self.rank = Rank(rank: rank, fraction: fraction)
    }

    public init(layers: LayerSelection, parameters: StepParameters) {
        self.init(layers: layers, rank: parameters.integer("rank"), fraction: parameters.number("fraction"))
    }

    public var parameters: [String: ParameterValue] { rank.parameters }
    public var category: StepCategory { .decomposition }

    /// The full rank of a float convolution with a kernel of more than one row and column, or nil for another layer.
    public static func fullRank(of layer: String, in network: Network) -> Int? {
        guard let node = network.nodes.first(where: { $0.name == layer }),
            let convolution = node.operation as? Convolution2D,
            let tensor = node.weights.flatMap({ network[$0].constant }), tensor.elementType == .float32,
            tensor.shape.elementCount > 0, tensor.shape[1] > 1, tensor.shape[2] > 1
        else { return nil }
        return fullRank(tensor.shape, groups: convolution.groups)
    }

    private static func fullRank(_ shape: Shape, groups: Int) -> Int {
        min(shape[3] * shape[1], shape[2] * shape[0] / groups)
    }

    public func transform(
        _ compressed: CompressedNetwork, layers: [String], observing observer: any ActivationObserver
    ) throws -> StepOutcome {
        let admitted = try self.layers.admit(layers, to: "spatial decomposition") { layer in
            Self.fullRank(of: layer, in: compressed.network) == nil
                ? "not a float convolution with a kernel of several rows and columns" : nil
        }
        var result = compressed
        let touched = try result.replaceEach(admitted) { node, weights in
            guard let convolution = node.operation as? Convolution2D else { return [] }
            let full = Self.fullRank(weights.shape, groups: convolution.groups)
            let rank = try rank.resolve(full: full, layer: node.name)
            return try Self.stages(of: convolution, weights: weights, rank: rank)
        }
        return StepOutcome(result, touched: touched)
    }

    private static func stages(of convolution: Convolution2D, weights: Tensor, rank: Int) throws -> [LayerStage] {
        let (outputs, height, width, depth) = (
            weights.shape[0], weights.shape[1], weights.shape[2], weights.shape[3]
        )
        let (groups, share) = (convolution.groups, outputs / convolution.groups)
        let elements = weights.floats
        var (vertical, horizontal): ([Float], [Float]) = ([], [])
        for group in 0..<groups {
            let matrix = Matrix(rows: depth * height, columns: width * share) { row, column in
                let (channel, y, x, filter) = (row / height, row % height, column / share, column % share)
                return Double(elements[(((group * share + filter) * height + y) * width + x) * depth + channel])
            }
            let (left, right) = try SingularValueDecomposition(matrix).factors(rank: rank)
            for map in 0..<rank {
                for y in 0..<height {
                    for channel in 0..<depth { vertical.append(Float(left[channel * height + y, map])) }
                }
            }
            for filter in 0..<share {
                for x in 0..<width {
                    for map in 0..<rank { horizontal.append(Float(right[map, x * share + filter])) }
                }
            }
        }
        let (first, second) = convolution.window.split
        return [
            LayerStage(
                operation: Convolution2D(window: first, groups: groups),
                weights: Tensor([groups * rank, height, 1, depth], vertical)),
            LayerStage(
                operation: Convolution2D(window: second, groups: groups, activation: convolution.activation),
                weights: Tensor([outputs, 1, width, rank], horizontal)),
        ]
    }
}

extension Window {
    /// The vertical and the horizontal part of the window's movement.
    fileprivate var split: (vertical: Window, horizontal: Window) {
        (
            Window(
                strideHeight: strideHeight, dilationHeight: dilationHeight,
                padding: Margins(top: padding.top, bottom: padding.bottom)),
            Window(
                strideWidth: strideWidth, dilationWidth: dilationWidth,
                padding: Margins(left: padding.left, right: padding.right))
        )
    }
}
