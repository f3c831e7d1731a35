import Diagnostics
import Networks
import Tensors

/// Product quantization that brings responses, not weights, near those of the original layer, layer by layer.
///
/// Minimizes `sum_n |O_n - sum_m (D_m B_m)' S_n,m|^2` over tables `D_m` of `centers` vectors and places `B_m`: `O` are the original
/// network's responses, `S` the inputs that the network quantized so far gives, so that errors of earlier layers are corrected.
/// Rows are cut along the input channels; a convolution's taps share the tables of their channels. Starts from k-means on weights
/// and takes turns (`rounds`) between places and least squares of the vectors; the bias removes the mean error. The squared error of
/// weights counts too, `damping` times the mean squared input: without it vectors in directions of which no case says much run far
/// away, and one scale for all weights cannot hold them. Without turns only weights count. By tables of
/// products a position costs `C_s K` products and `C_t M` sums of a fully connected layer, for `M` parts, in the place of
/// `C_s C_t` products (`execution-form`).
public struct ResponseProductQuantization: CompressionStep {
    public static let description = StepDescription(
        name: "response-product-quantization",
        summary: "Cuts rows of weights into table vectors fitted to the original layer's responses, layer by layer",
        citation:
            "Wu, Leng, Wang, Hu, Cheng: Quantized Convolutional Neural Networks for Mobile Devices, 2016",
        parameters: [
            VectorTables.length, VectorTables.centers,
            ParameterDescription("rounds", "Turns between places and vectors", .integer(0...100, default: 4)),
            ParameterDescription(
                "damping", "Part of the mean squared input by which the error of weights counts too",
                .number(0...1, default: 0.01)),
        ], categories: [.sharing], profits: [.storage, .tableLookup])

    public var layers: LayerSelection
    private let length: Int
    private let centers: Int
    private let rounds: Int
    private let damping: Double

    package init(
        layers: LayerSelection = .all, length: Int = 4, centers: Int = 16, rounds: Int = 4, damping: Double = 0.01
    ) {
        (self.layers, self.length, self.centers) = (layers, length, centers)
        (self.rounds, self.damping) = (rounds, damping)
    }

    public init(layers: LayerSelection, parameters: StepParameters) {
        self.init(
            layers: layers, length: parameters.integer("length") ?? 4, centers: parameters.integer("centers") ?? 16,
            rounds: parameters.integer("rounds") ?? 4, damping: parameters.number("damping") ?? 0.01)
    }

    public var parameters: [String: ParameterValue] {
        [
            "length": .integer(length), "centers": .integer(centers), "rounds": .integer(rounds),
            "damping": .number(damping),
        ]
    }

    public var category: StepCategory { .sharing }

    public func transform(
        _ compressed: CompressedNetwork, layers: [String], observing observer: any ActivationObserver
    ) throws -> StepOutcome {
        let admitted = try self.layers.admit(layers, to: Self.description.name) { layer in
            guard let (rows, channels) = channelRows(ofLayer: layer, in: compressed) else {
                return "not a convolution in one group or fully connected layer of reals"
            }
            guard channels % length == 0 else { return "vectors of \(length) do not divide \(channels) input channels" }
            let choosing = rows.rows * rows.columns / channels
            return centers > choosing ? "a table of \(centers) vectors is larger than the \(choosing) to choose" : nil
        }
        var (result, remarks) = (compressed, [String]())
        var original = OriginalResponses(compressed.network, of: admitted)
        let touched = try result.rewriteInTurn(admitted) { network, node, weights in
            guard let (rows, channels) = channelRows(ofLayer: node.name, in: network) else { return [] }
            let moments = try FitTarget.responses.moments(
                of: node, in: network.network, against: &original, observing: observer)
            let start = QuantizedVectors(
                rows: rows, form: ProductVectors(length: length, tables: channels / length), count: centers)
            let drawn = moments.drawn(towards: rows.transposed, damping: damping)
            let composition = try ResponseVectors(drawn, start: start, rounds: rounds).vectors.composition
            let elements = try composition.elements(shape: weights.shape)
            let fitted = Matrix(rows: rows.rows, columns: rows.columns, elements: elements.map(Double.init)).transposed
            remarks.append(Diagnostic.fitRemark(layer: node.name, error: moments.relativeError(of: fitted)))
            let stage = LayerStage(
                operation: node.operation, weights: Tensor(weights.shape, elements),
                bias: Tensor([rows.rows], moments.offsets(for: fitted).map { Float($0) }))
            let made = try network.replace(layer: node.name, with: [stage])
            if let id = network.network.node(ofLayer: node.name)?.weights {
                network.compositions[network.network[id].name] = composition
            }
            return made
        }
        return StepOutcome(result, touched: touched, remarks: remarks)
    }

    /// A layer's weights as rows and its input channels, or nil for a layer whose outputs do not all see the same inputs.
    private func channelRows(ofLayer layer: String, in compressed: CompressedNetwork) -> (rows: Matrix, channels: Int)?
    {
        guard let node = compressed.network.node(ofLayer: layer), let id = node.weights,
            let patches = LayerPatches(node, in: compressed.network), patches.groups == 1,
            let found = compressed.floatRows(ofLayer: layer), !found.rowsAreLast
        else { return nil }
        let shape = compressed.network[id].shape
        return (found.rows, shape[shape.rank - 1])
    }
}
