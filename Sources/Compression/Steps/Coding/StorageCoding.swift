import Diagnostics
import Networks
import Quantities
import Tensors
import Workloads

/// Weights are stored dense, as so many of every few neighbours, behind a bitmap, or with relative indices, and their symbols as
/// they are, as places in a table, or as words of a Huffman code; their values stay.
///
/// One index serves a group of weights that are zero together, found from the weights themselves. Neighbours lie along a filter
/// in blocks of 2, 4, 8 or 16; as many are stored of each as the fullest has, with `log2` of the block's size in bits for the
/// place of each. Tables, lengths of words and filler zeros count. `best` takes the smallest of all forms; of equals, the first
/// in the order dense, neighbours, bitmap, relative index and plain, shared, Huffman. Parts from which weights are composed stay
/// where `best` finds nothing smaller, each part as plain fields or as `symbols` says, whichever is smaller. Words are decoded
/// when weights are loaded: no device model prices their decoding.
public struct StorageCoding: CompressionStep {
    /// The form asked for.
    public enum Coding: String, Sendable, Hashable, Codable, CaseIterable {
        case best
        case dense
        case bitmap
        case relativeIndex
        case neighbours
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
            "Stores weights dense, by neighbours, a bitmap or relative indices, plain, through a table or in Huffman words",
        citation:
            "Han, Mao, Dally: Deep Compression, 2016; Mao et al.: Exploring the Granularity of Sparsity in CNNs, 2017; Mishra et al.: Accelerating Sparse Deep Neural Networks, 2021",
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
        let admitted =
            coding != .neighbours
            ? layers
            : try self.layers.admit(layers, to: "storage by neighbours") { layer in
                compressed.storedWeights(of: layer).map(\.neighbourLayouts.isEmpty) ?? false
                    ? "some block of neighbours has no zero, whatever its size" : nil
            }
        var result = compressed
        for layer in admitted {
            guard let weights = result.storedWeights(of: layer) else { continue }
            let found = smallest(of: weights)
            result.encodings[weights.name] = found.encoding
            let composition = coding == .best ? result.compositions[weights.name]?.coded(as: symbols.codings) : nil
            result.compositions[weights.name] = composition.flatMap { $0.size.count <= found.size ? $0 : nil }
        }
        return StepOutcome(result, touched: admitted)
    }

    private func smallest(of weights: StoredWeights) -> (encoding: WeightEncoding, size: Int) {
        var best = (encoding: WeightEncoding(.dense, elements: symbols.codings[0]), size: Int.max)
        let histogram = SymbolHistogram(weights.symbols.patterns, width: weights.symbols.width)
        for (granularity, layouts) in candidates(weights) {
            let groups = weights.groups(granularity)
            guard granularity == .weight || groups.offsets.count > 1 else { continue }
            let census = WeightCensus(weights.symbols, groups: groups, histogram: histogram)
            for layout in layouts {
                let found = census.smallest(layout, granularity, codings: symbols.codings)
                if found.size < best.size { best = found }
            }
        }
        return best
    }

    /// The layouts to choose from, the first of equals first; weights without zeros are not tried with indices.
    private func candidates(
        _ weights: StoredWeights
    ) -> [(granularity: Granularity, layouts: [WeightEncoding.Layout])] {
        let relative = (indexBits.map { [$0] } ?? Array(1...8)).map {
            WeightEncoding.Layout.relativeIndex(indexBits: $0)
        }
        func all(_ layouts: [WeightEncoding.Layout]) -> [(Granularity, [WeightEncoding.Layout])] {
            Granularity.allCases.map { ($0, layouts) }
        }
        switch coding {
        case .best:
            let dense: [(Granularity, [WeightEncoding.Layout])] = [(.weight, [.dense])]
            guard weights.symbols.nonzeroCount < weights.symbols.patterns.count else { return dense }
            return dense + [(.filter, weights.neighbourLayouts)] + all([.bitmap] + relative)
        case .dense: return [(.weight, [.dense])]
        case .neighbours: return [(.filter, weights.neighbourLayouts)]
        case .bitmap: return all([.bitmap])
        case .relativeIndex: return all(relative)
        }
    }
}

/// A layer's weights as they are to be stored.
private struct StoredWeights {
    let name: String
    let symbols: WeightSymbols
    let shape: Shape
    let computeClass: ComputeClass

    func groups(_ granularity: Granularity) -> WeightGroups {
        WeightGroups(shape: shape, computeClass: computeClass, granularity: granularity)
    }

    /// As many neighbours of a filter as its fullest blocks have, for each size of block in which some always are zero.
    var neighbourLayouts: [WeightEncoding.Layout] {
        let filters = groups(.filter)
        guard filters.offsets.count > 1 else { return [] }
        return NonzeroStructure.blockSizes.compactMap { size in
            let fullest = symbols.fullestBlock(of: size, filters)
            return fullest > 0 && fullest < size ? .neighbours(kept: fullest, size: size) : nil
        }
    }
}

extension CompressedNetwork {
    /// The weights of a layer, or nil where there are none or they are 64-bit integers.
    fileprivate func storedWeights(of layer: String) -> StoredWeights? {
        guard let node = network.nodes.first(where: { $0.name == layer }), let id = node.weights,
            let constant = network[id].constant,
            let symbols = WeightSymbols(
                constant, quantization: network[id].quantization, grid: grids[network[id].name])
        else { return nil }
        return StoredWeights(
            name: network[id].name, symbols: symbols, shape: network[id].shape,
            computeClass: node.operation.computeClass)
    }
}
