import Diagnostics
import Networks
package import Tensors

/// A convolution reads fewer maps: its input is projected by the first rows of a circulant matrix with random signs, and its
/// filters are fitted to the compact maps.
///
/// `z = sqrt(C / m) * (R D x)` cut to `m` of `C` maps: `D` are signs, `R` is circulant and orthogonal with random Fourier phases,
/// so that distances between pixels stay on average. Of several draws the one is taken that keeps the distances between pixels
/// of the calibration cases best (mean squared error of the squared distances, with the best common scale). The projection is
/// a pointwise layer of `m * C` products a pixel, stored as one column of `C` reals and `C` signs; the filters are the least-squares fit
/// of the original responses. While the layer runs, `m / C` of its input's memory is alive.
public struct CirculantProjection: CompressionStep {
    public static let description = StepDescription(
        name: "circulant-projection",
        summary: "Projects the maps that a convolution reads to fewer by a circulant matrix and refits its filters",
        citation: "Wang, Xu, Xu, Tao: Beyond Filters: Compact Feature Map for Portable Deep Model, 2017",
        parameters: [
            ParameterDescription(
                "keep", "Maps after the projection over maps before, at least one", .number(0.001...1, default: 0.5)),
            ParameterDescription(
                "draws", "Matrices drawn, of which the best is taken", .integer(1...1024, default: 16)),
            ParameterDescription("seed", "Seed of the draws", .integer(0...2_147_483_647, default: 0)),
        ], categories: [.restructuring], profits: [.activations, .storage, .products])

    public var layers: LayerSelection
    private let keep: Double
    private let draws: Int
    private let seed: Int

    package init(layers: LayerSelection, keep: Double = 0.5, draws: Int = 16, seed: Int = 0) {
        (self.layers, self.keep, self.draws, self.seed) = (layers, keep, draws, seed)
    }

    public init(layers: LayerSelection, parameters: StepParameters) {
        self.init(
            layers: layers, keep: parameters.number("keep") ?? 0.5, draws: parameters.integer("draws") ?? 16,
            seed: parameters.integer("seed") ?? 0)
    }

    public var parameters: [String: ParameterValue] {
        ["keep": .number(keep), "draws": .integer(draws), "seed": .integer(seed)]
    }

    public var category: StepCategory { .restructuring }

    public func transform(
        _ compressed: CompressedNetwork, layers: [String], observing observer: any ActivationObserver
    ) throws -> StepOutcome {
        guard keep > 0, keep <= 1, draws > 0 else {
            throw Diagnostics([Diagnostic("\(keep) of the maps from \(draws) draws")])
        }
        let admitted = try self.layers.admit(layers, to: "a circulant projection") { layer in
            guard let weights = compressed.network.plainConvolution(layer)?.weights, weights.shape[3] > 1 else {
                return "not a float convolution in one group with several input maps"
            }
            return nil
        }
        var (result, remarks) = (compressed, [String]())
        var original = OriginalResponses(compressed.network, of: admitted)
        let touched = try result.rewriteInTurn(admitted) { network, node, weights in
            let moments = try FitTarget.responses.moments(
                of: node, in: network.network, against: &original, observing: observer)
            let projection = try projection(for: node, in: network.network, observing: observer)
            let (stages, error) = try stages(of: node, weights: weights, projection: projection, moments: moments)
            remarks.append(Diagnostic.fitRemark(layer: node.name, error: error))
            let names = try network.replace(layer: node.name, with: stages)
            network.store(projection, inLayer: names[0])
            return names
        }
        return StepOutcome(result, touched: touched, remarks: remarks)
    }

    /// The best of the draws on the input of a layer.
    private func projection(
        for node: Node, in network: Network, observing observer: any ActivationObserver
    ) throws -> SignedCirculant {
        let shape = network[node.inputs[0]].shape
        let kept = min(max(Int((keep * Double(shape[3])).rounded()), 1), shape[3])
        let pixels = try network.pixels(of: node.inputs[0], observing: observer)
        var generator = SplitMix64(seed: UInt64(seed))
        var best: (projection: SignedCirculant, distortion: Double)?
        for _ in 0..<draws {
            let projection = SignedCirculant(size: shape[3], kept: kept, using: &generator)
            let distortion = projection.distortion(of: pixels)
            if distortion < best?.distortion ?? .infinity { best = (projection, distortion) }
        }
        guard let best else { throw Diagnostic(layer: node.name, "its input is not finite on calibration cases") }
        return best.projection
    }

    private func stages(
        of node: Node, weights: Tensor, projection: SignedCirculant, moments: ResponseMoments
    ) throws -> (stages: [LayerStage], error: Double) {
        guard let convolution = node.operation as? Convolution2D else { return ([], 0) }
        let (shape, kept) = (weights.shape, projection.kept)
        let (places, inputs) = (shape[1] * shape[2], shape[3])
        let rows = try projection.composition.elements(shape: [kept, 1, 1, inputs])
        let spread = Matrix(rows: places * inputs, columns: places * kept) { row, column in
            row / inputs == column / kept ? Double(rows[column % kept * inputs + row % inputs]) : 0
        }
        let compact = moments.transformed(by: spread)
        let filters = try compact.leastSquares(
            columns: Array(0..<places * kept), outputs: Array(0..<shape[0]))
        let stages = [
            LayerStage(operation: Convolution2D(), weights: Tensor([kept, 1, 1, inputs], rows)),
            LayerStage(
                operation: convolution,
                weights: Tensor([shape[0], shape[1], shape[2], kept], filters.transposed.elements.map(Float.init)),
                bias: Tensor([shape[0]], compact.offsets(for: filters).map(Float.init))),
        ]
        return (stages, compact.relativeError(of: filters))
    }
}

/// A circulant orthogonal matrix on signed inputs, of which the first `kept` rows count.
package struct SignedCirculant {
    let matrix: CirculantMatrix
    let negated: [Bool]
    let kept: Int

    package init(size: Int, kept: Int, using generator: inout SplitMix64) {
        matrix = CirculantMatrix(orthogonalOf: size, using: &generator)
        negated = (0..<size).map { _ in generator.next() & 1 == 1 }
        self.kept = kept
    }

    /// The stored form, scaled so that distances stay on average.
    package var composition: WeightComposition {
        let scale = (Double(negated.count) / Double(kept)).squareRoot()
        return CirculantRows.composition(column: matrix.column.map { Float($0 * scale) }, negated: negated)
    }

    /// One minus the squared correlation through zero of squared distances before and after, between neighbouring rows.
    package func distortion(of pixels: Matrix) -> Double {
        let differences = Matrix(rows: max(pixels.rows - 1, 0), columns: pixels.columns) {
            pixels[$0 + 1, $1] - pixels[$0, $1]
        }
        let signed = Matrix(rows: differences.rows, columns: pixels.columns) {
            negated[$1] ? -differences[$0, $1] : differences[$0, $1]
        }
        let projected = matrix.times(rows: signed)
        var (both, before, after) = (0.0, 0.0, 0.0)
        for row in 0..<differences.rows {
            let left = (0..<pixels.columns).reduce(0) { $0 + differences[row, $1] * differences[row, $1] }
            let right = (0..<kept).reduce(0) { $0 + projected[row, $1] * projected[row, $1] }
            both += left * right
            before += left * left
            after += right * right
        }
        return before * after > 0 ? 1 - both * both / (before * after) : 1
    }
}

extension CompressedNetwork {
    /// Stores a projection as its column and signs in the place of a layer's weights.
    fileprivate mutating func store(_ projection: SignedCirculant, inLayer layer: String) {
        guard let place = network.place(ofLayer: layer), let weights = network.nodes[place].weights else { return }
        compositions[network[weights].name] = projection.composition
    }
}

extension Network {
    /// Pixels of an image value on calibration cases, a row each, spread over the image.
    fileprivate func pixels(of id: ValueID, observing observer: any ActivationObserver) throws -> Matrix {
        let channels = self[id].shape[3]
        let count = self[id].shape.elementCount / channels
        let taken = min(count, 16)
        var elements: [Double] = []
        try observer.observe([id], of: self) { tensors in
            let reals = tensors[0].floats
            for index in 0..<taken {
                let pixel = index * count / taken
                elements += reals[pixel * channels..<(pixel + 1) * channels].map(Double.init)
            }
        }
        return Matrix(rows: elements.count / channels, columns: channels, elements: elements)
    }
}
