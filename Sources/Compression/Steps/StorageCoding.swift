import Diagnostics
import Networks
import Quantities
import Tensors
import Workloads

/// Weights are stored dense, behind a bitmap, or with relative indices; their values stay.
///
/// One index serves a group of weights that are zero together, found from the weights themselves. `best` takes the
/// smallest of all forms; of equals, the first in the order dense, bitmap, relative index.
public struct StorageCoding: CompressionStep {
    /// The form asked for.
    public enum Coding: String, Sendable, Hashable, Codable, CaseIterable {
        case best
        case dense
        case bitmap
        case relativeIndex
    }

    public static let description = StepDescription(
        name: "storage-coding",
        summary: "Stores weights dense, behind a bitmap or with relative indices, whichever is asked for or smallest",
        citation:
            "Han, Mao, Dally: Deep Compression, 2016; Mao et al.: Exploring the Granularity of Sparsity in CNNs, 2017",
        parameters: [
            ParameterDescription(
                "coding", "The form of storage", .choice(Coding.allCases.map(\.rawValue), default: "best")),
            ParameterDescription(
                "indexBits", "Width of a relative index; the best of 1 to 8 if left out",
                .integer(WeightEncoding.indexWidths, default: nil)),
        ], categories: [.coding], profits: [.storage])

    public var layers: LayerSelection
    public var coding: Coding
    /// 1...16, or nil for the best of 1 to 8.
    public var indexBits: Int?

    public init(layers: LayerSelection = .all, coding: Coding = .best, indexBits: Int? = nil) {
        self.layers = layers
        self.coding = coding
        self.indexBits = indexBits
    }

    public init(layers: LayerSelection, parameters: StepParameters) {
        self.init(
            layers: layers, coding: parameters.choice("coding"), indexBits: parameters.integer("indexBits"))
    }

    public var parameters: [String: ParameterValue] {
        var parameters: [String: ParameterValue] = ["coding": .text(coding.rawValue)]
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
                let symbols = WeightSymbols(
                    constant, quantization: value.quantization, grid: result.grids[value.name])
            else { continue }
            result.encodings[value.name] = smallest(
                of: symbols, shape: value.shape, computeClass: node.operation.computeClass)
        }
        return StepOutcome(result, touched: layers)
    }

    private func smallest(of symbols: WeightSymbols, shape: Shape, computeClass: ComputeClass) -> WeightEncoding {
        var best = (encoding: WeightEncoding.dense, size: Int.max)
        let elements = symbols.patterns.count
        if coding == .dense || (coding == .best && symbols.nonzeroCount == elements) { return .dense }
        for granularity in Granularity.allCases {
            let groups = WeightGroups(shape: shape, computeClass: computeClass, granularity: granularity)
            guard granularity == .weight || groups.offsets.count > 1 else { continue }
            let (gaps, groupBits) = (symbols.gaps(groups), groups.offsets.count * symbols.width)
            for layout in layouts where layout != .dense || granularity == .weight {
                let encoding = WeightEncoding(layout, granularity: granularity)
                let size = encoding.measure(gaps: gaps, elements: elements, groups: groups, groupBits: groupBits).size
                if size.count < best.size { best = (encoding, size.count) }
            }
        }
        return best.encoding
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
