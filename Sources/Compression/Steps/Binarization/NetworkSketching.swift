import Diagnostics
import FixedPoint
import Networks
import Tensors

/// Weights of each filter become a sum of few sign vectors with factors: `w ≈ a_1 b_1 + … + a_m b_m`.
///
/// `b_j` is the sign of what the terms before it leave, `sign(0) = +1`, and `a_j` the mean magnitude of that (`direct`), or all
/// factors are fitted together after each term (`refined`); with `responses` signs and factors are then fitted to those of the
/// layer on the calibration cases. Stored as one bit a term for each weight and one factor a term for each filter. In an integer network the factors are
/// integers on a grid of the same width, and products with a row are products with signs, which count bits. How many
/// additions sums of signs take when they share parts along a tree (the paper's associative form) is a remark.
public struct NetworkSketching: CompressionStep {
    /// How factors are found.
    public enum Fit: String, Sendable, Hashable, Codable, CaseIterable {
        /// Each by itself.
        case direct
        /// All together, anew with each term.
        case refined
        /// Refined, then signs and factors fitted to the layer's responses on the calibration cases, see `ResponseFit`.
        case responses
    }

    public static let description = StepDescription(
        name: "network-sketching",
        summary: "Replaces the weights of each filter by a sum of sign vectors with factors",
        citation:
            "Guo, Yao, Zhao, Chen: Network Sketching: Exploiting Binary Structure in Deep CNNs, 2017",
        parameters: [
            ParameterDescription("terms", "Sign vectors of a filter", .integer(1...8, default: 3)),
            ParameterDescription(
                "fit", "How factors are found", .choice(Fit.allCases.map(\.rawValue), default: "refined")),
            ParameterDescription(
                "positions", "Output positions of a case that are looked at for responses",
                .integer(1...4096, default: 64)),
        ], categories: [.binarization], profits: [.storage, .binaryProducts])

    public var layers: LayerSelection
    private let terms: Int
    private let fit: Fit
    private let positions: Int

    /// - Parameter terms: 1...8.
    public init(layers: LayerSelection = .all, terms: Int = 3, fit: Fit = .refined, positions: Int = 64) {
        self.layers = layers
        self.terms = terms
        self.fit = fit
        self.positions = positions
    }

    public init(layers: LayerSelection, parameters: StepParameters) {
        self.init(
            layers: layers, terms: parameters.integer("terms") ?? 3, fit: parameters.choice("fit"),
            positions: parameters.integer("positions") ?? 64)
    }

    public var parameters: [String: ParameterValue] {
        ["terms": .integer(terms), "fit": .text(fit.rawValue), "positions": .integer(positions)]
    }

    public var category: StepCategory { .binarization }

    public func transform(
        _ compressed: CompressedNetwork, layers: [String], observing observer: any ActivationObserver
    ) throws -> StepOutcome {
        let admitted = try self.layers.admit(layers, to: Self.description.name) {
            compressed.network.refusalOfNewWeights(for: $0) ?? refusal(of: $0, in: compressed.network)
        }
        var result = compressed
        let remarks = try result.changeEach(admitted) { result, place in
            let node = result.network.nodes[place]
            let filters = try LayerFilters(
                of: node, in: result.network, observing: fit == .responses ? observer : nil, positions: positions)
            return try replaceWeights(of: &result, nodeAt: place, by: sketches(of: filters), of: filters)
        }
        return StepOutcome(result, touched: admitted, remarks: remarks)
    }

    /// Why a layer cannot be sketched with so many terms, or nil if it can.
    private func refusal(of layer: String, in network: Network) -> String? {
        guard let node = network.node(ofLayer: layer), let id = node.weights else { return nil }
        let depth = network[id].shape.elementCount / max(network[id].shape[network.outputAxis(ofWeightsOf: node)], 1)
        guard terms <= depth else { return "\(terms) terms for filters of \(depth) weights" }
        guard let format = network[id].quantization?.format, !network[id].isFloat else { return nil }
        let isNarrow = format.bits < 2 || NumberFormat(bits: format.bits, encoding: .symmetric).maximum <= terms
        return isNarrow ? "\(terms) terms do not fit into weights of \(format.bits) bits" : nil
    }

    private func sketches(of filters: LayerFilters) -> [FilterSketch] {
        filters.weights.enumerated().map { channel, weights in
            let sketch = FilterSketch(weights, terms: terms, refines: fit != .direct)
            return filters.fit(ofChannel: channel).map { sketch.fitted(to: weights, by: $0) } ?? sketch
        }
    }

    private func replaceWeights(
        of result: inout CompressedNetwork, nodeAt place: Int, by sketches: [FilterSketch], of filters: LayerFilters
    ) throws -> [String] {
        let node = result.network.nodes[place]
        guard let value = node.weights.map({ result.network[$0] }) else { return [] }
        let patterns = filters.stored(sketches.map(\.patterns), filling: 0)
        let change = filters.biasChange(to: sketches.map(\.values))
        var remarks = [additions(of: sketches, node: node, in: result.network)]
        if value.isFloat {
            let factors = sketches.map { $0.factors.map { Float($0) } }
            try result.compose(
                nodeAt: place, by: SketchedValues.composition(axis: filters.axis, factors: factors, signs: patterns))
            if fit == .responses { result.network.shiftBias(ofNodeAt: place, by: change) }
        } else if let bits = value.quantization?.format.bits {
            let reaches = sketches.map { $0.factors.reduce(0) { $0 + abs($1) } }
            let grid = LevelGrid(reaches: reaches, bits: bits, axis: filters.axis, spare: (terms + 1) / 2).quantization
            let factors = zip(sketches, grid.scales).map { sketch, scale in
                sketch.factors.map { Float(($0 / Double(scale)).rounded()) }
            }
            remarks += try result.compose(
                nodeAt: place, by: SketchedValues.composition(axis: filters.axis, factors: factors, signs: patterns),
                on: grid, bias: zip(result.biasReals(of: node), change).map { $0 + $1 })
            if let id = result.network.nodes[place].weights {
                result.network[id].form = .sketch(BinarySketch(factors: factors.map { $0.map { Int($0) } }))
            }
        }
        return remarks
    }

    /// What sums of signs of one position cost: filters that read the same inputs share a tree.
    private func additions(of sketches: [FilterSketch], node: Node, in network: Network) -> String {
        guard let patches = LayerPatches(node, in: network) else { return "" }
        let sums = (0..<patches.groups).map { group in
            AssociativeSums(
                (0..<patches.groupOutputs).flatMap { index -> [[Bool]] in
                    let sketch = sketches[patches.channel(index, ofGroup: group)]
                    return (0..<terms).map { term in sketch.patterns.map { $0 >> UInt32(term) & 1 == 1 } }
                })
        }
        let (shared, separate) = (
            sums.reduce(0) { $0 + $1.additions }, sums.reduce(0) { $0 + $1.separateAdditions }
        )
        return
            "layer '\(node.name)': sums under all sign vectors take \(shared) additions along trees, \(separate) each by "
            + "itself"
    }
}
