import Diagnostics
import FixedPoint
import Networks
import Tensors

/// Weights of each filter become a sum of few sign vectors with factors.
///
/// Stored as one bit a term for each weight and one factor a term for each filter. In an integer network the factors are
/// integers on a grid of the same width, and products with a row are products with signs, which count bits. How many
/// additions sums of signs take when they share parts along a tree (the paper's associative form) is a remark.
public struct NetworkSketching: CompressionStep {
    /// How factors are found.
    public enum Fit: String, Sendable, Hashable, Codable, CaseIterable {
        /// Each by itself.
        case direct
        /// All together, anew with each term.
        case refined
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
        ], categories: [.binarization], profits: [.storage, .binaryProducts])

    public var layers: LayerSelection
    private let terms: Int
    private let fit: Fit

    /// - Parameter terms: 1...8.
    public init(layers: LayerSelection = .all, terms: Int = 3, fit: Fit = .refined) {
        self.layers = layers
        self.terms = terms
        self.fit = fit
    }

    public init(layers: LayerSelection, parameters: StepParameters) {
        self.init(layers: layers, terms: parameters.integer("terms") ?? 3, fit: parameters.choice("fit"))
    }

    public var parameters: [String: ParameterValue] { ["terms": .integer(terms), "fit": .text(fit.rawValue)] }
    public var category: StepCategory { .binarization }

    public func transform(
        _ compressed: CompressedNetwork, layers: [String], observing observer: any ActivationObserver
    ) throws -> StepOutcome {
        let admitted = try self.layers.admit(layers, to: Self.description.name) {
            compressed.network.refusalOfNewWeights(for: $0) ?? refusal(of: $0, in: compressed.network)
        }
        var result = compressed
        let remarks = try result.changeEach(admitted, by: replaceWeights)
        return StepOutcome(result, touched: admitted, remarks: remarks)
    }

    /// Why a layer cannot be sketched with so many terms, or nil if it can.
    private func refusal(of layer: String, in network: Network) -> String? {
        guard let node = network.nodes.first(where: { $0.name == layer }), let id = node.weights else { return nil }
        let depth = network[id].shape.elementCount / max(network[id].shape[network.outputAxis(ofWeightsOf: node)], 1)
        guard terms <= depth else { return "\(terms) terms for filters of \(depth) weights" }
        guard let format = network[id].quantization?.format, !network[id].isFloat else { return nil }
        let isNarrow = format.bits < 2 || NumberFormat(bits: format.bits, encoding: .symmetric).maximum <= terms
        return isNarrow ? "\(terms) terms do not fit into weights of \(format.bits) bits" : nil
    }

    private func replaceWeights(of result: inout CompressedNetwork, nodeAt place: Int) throws -> [String] {
        let node = result.network.nodes[place]
        guard let value = node.weights.map({ result.network[$0] }) else { return [] }
        let axis = result.network.outputAxis(ofWeightsOf: node)
        let (reals, channels) = (value.reals, try value.shape.channels(along: axis))
        let places = channels.indexing.places(of: reals.count, channels: channels.count)
        let sketches = places.map { places in
            FilterSketch(places.map { reals[$0] }, terms: terms, refines: fit == .refined)
        }
        var patterns = [UInt32](repeating: 0, count: reals.count)
        for (places, sketch) in zip(places, sketches) {
            for (place, pattern) in zip(places, sketch.patterns) { patterns[place] = pattern }
        }
        var remarks = [additions(of: sketches, node: node, in: result.network)]
        if value.isFloat {
            let factors = sketches.map { $0.factors.map { Float($0) } }
            try result.compose(
                nodeAt: place, by: SketchedValues.composition(axis: axis, factors: factors, signs: patterns))
        } else if let bits = value.quantization?.format.bits {
            let reaches = sketches.map { $0.factors.reduce(0) { $0 + abs($1) } }
            let grid = LevelGrid(reaches: reaches, bits: bits, axis: axis, spare: (terms + 1) / 2).quantization
            let factors = zip(sketches, grid.scales).map { sketch, scale in
                sketch.factors.map { Float(($0 / Double(scale)).rounded()) }
            }
            remarks += try result.compose(
                nodeAt: place, by: SketchedValues.composition(axis: axis, factors: factors, signs: patterns),
                on: grid, bias: result.biasReals(of: node))
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
