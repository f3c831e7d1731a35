import Diagnostics
import Networks
import Quantities
import Tensors
import Workloads

/// Weights are stored dense, behind a bitmap, or with relative indices, and their symbols as they are, as places in a table, or
/// as words of a Huffman code; their values stay.
///
/// One index serves a group of weights that are zero together, found from the weights themselves. Tables, lengths of words and
/// filler zeros count. `best` takes the smallest of all forms; of equals, the first in the order dense, bitmap, relative index
/// and plain, shared, Huffman. Parts from which weights are composed stay where `best` finds nothing smaller, each part as plain
/// fields or as `symbols` says, whichever is smaller. Words are decoded when weights are loaded: no device model prices their
/// decoding.
public struct StorageCoding: CompressionStep {
    /// The form asked for.
    public enum Coding: String, Sendable, Hashable, Codable, CaseIterable {
        case best
        case dense
        case bitmap
        case relativeIndex
    }

    /// How the symbols of elements and of gaps are written.
    public enum Symbols: String, Sendable, Hashable, Codable, CaseIterable {
        case best
        case plain
        case shared
        case huffman

        fileprivate var codings: [SymbolCoding] {
            switch self {
            case .best: SymbolCoding.allCases
            case .plain: [.plain]
            case .shared: [.shared]
            case .huffman: [.huffman]
            }
        }
    }

    public static let description = StepDescription(
        name: "storage-coding",
        summary:
            "Stores weights dense, behind a bitmap or with relative indices, plain, through a table or in Huffman words",
        citation:
            "Han, Mao, Dally: Deep Compression, 2016; Mao et al.: Exploring the Granularity of Sparsity in CNNs, 2017",
        parameters: [
            ParameterDescription(
                "coding", "The form of storage", .choice(Coding.allCases.map(\.rawValue), default: "best")),
            ParameterDescription(
                "indexBits", "Width of a relative index; the best of 1 to 8 if left out",
                .integer(WeightEncoding.indexWidths, default: nil)),
            ParameterDescription(
                "symbols", "How elements and gaps are written",
                .choice(Symbols.allCases.map(\.rawValue), default: "best")),
        ], categories: [.coding], profits: [.storage])

    public var layers: LayerSelection
    public var coding: Coding
    /// 1...16, or nil for the best of 1 to 8.
    public var indexBits: Int?
    public var symbols: Symbols

    public init(
        layers: LayerSelection = .all, coding: Coding = .best, indexBits: Int? = nil, symbols: Symbols = .best
    ) {
        self.layers = layers
        self.coding = coding
        self.indexBits = indexBits
        self.symbols = symbols
    }

    public init(layers: LayerSelection, parameters: StepParameters) {
        self.init(
            layers: layers, coding: parameters.choice("coding"), indexBits: parameters.integer("indexBits"),
            symbols: parameters.choice("symbols"))
    }

    public var parameters: [String: ParameterValue] {
        var parameters: [String: ParameterValue] = [
            "coding": .text(coding.rawValue), "symbols": .text(symbols.rawValue),
        ]
        if let indexBits { parameters["indexBits"] = .integer(indexBits) }
        return parameters
    }

    public var category: StepCategory { .coding }

    public func transform(
        _ compressed: CompressedNetwork, layers: [String], observing observer: any ActivationObserver
    ) throws -> StepOutcome {
        var result = compressed
        for layer in layers {
            guard let place = result.network.place(ofLayer: layer) else { continue }
            let node = result.network.nodes[place]
            guard let id = node.weights, let constant = result.network[id].constant else { continue }
            let value = result.network[id]
            guard
                let weights = WeightSymbols(
                    constant, quantization: value.quantization, grid: result.grids[value.name])
            else { continue }
            let found = smallest(of: weights, shape: value.shape, computeClass: node.operation.computeClass)
            result.encodings[value.name] = found.encoding
            let composition = coding == .best ? result.compositions[value.name]?.coded(as: symbols.codings) : nil
            result.compositions[value.name] = composition.flatMap { $0.size.count <= found.size ? $0 : nil }
        }
        return StepOutcome(result, touched: layers)
    }

    private func smallest(
        of weights: WeightSymbols, shape: Shape, computeClass: ComputeClass
    ) -> (encoding: WeightEncoding, size: Int) {
        var best = (encoding: WeightEncoding(.dense, elements: symbols.codings[0]), size: Int.max)
        let histogram = SymbolHistogram(weights.patterns, width: weights.width)
        let isFull = weights.nonzeroCount == weights.patterns.count
        for granularity in Granularity.allCases {
            let layouts = layouts.filter { layout in
                granularity == .weight && layout == .dense || layout != .dense && !(coding == .best && isFull)
            }
            guard !layouts.isEmpty else { continue }
            let groups = WeightGroups(shape: shape, computeClass: computeClass, granularity: granularity)
            guard granularity == .weight || groups.offsets.count > 1 else { continue }
            let census = WeightCensus(weights, groups: groups, histogram: histogram)
            for layout in layouts {
                let found = census.smallest(layout, granularity, codings: symbols.codings)
                if found.size < best.size { best = found }
            }
        }
        return best
    }

    private var layouts: [WeightEncoding.Layout] {
        let widths = indexBits.map { [$0] } ?? Array(1...8)
        let relative = widths.map { WeightEncoding.Layout.relativeIndex(indexBits: $0) }
        switch coding {
        case .best: return [.dense, .bitmap] + relative
        case .dense: return [.dense]
        case .bitmap: return [.bitmap]
        case .relativeIndex: return relative
        }
    }
}
