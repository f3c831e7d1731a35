public import Codesign
public import Compression
public import Networks

/// Where a network can be compressed: what its weights and activations are like, layer by layer.
public struct AnalysisReport: Report {
    /// One layer with weights.
    public struct Layer: Encodable, Sendable {
        var name: String
        var elements: Int
        var macs: Int
        var histogram: [Int]
        var largestMagnitude: Double
        var entropyBits: Double
        var fullRank: Int
        var singularValues: [Double]
        var rankOf90Percent: Int
        var rankOf99Percent: Int
        var duplicateFilters: Int
        var range: Range?
        /// By the name of the probe; probes that do not apply are left out.
        var sensitivity: [String: Double] = [:]
    }

    /// The result of a layer over the cases.
    public struct Range: Encodable, Sendable {
        var minimum: Double
        var maximum: Double
        var mean: Double
        var integerBits: Int
    }

    public var network: String
    public var layers: [Layer]
    private var probes: [String] = []

    private enum CodingKeys: String, CodingKey {
        case network, layers
    }

    /// - Parameter macs: the layers of the network with their products.
    public init(network: String, macs: [NetworkSummary.Layer], layers: [LayerAnalysis]) {
        self.network = network
        let products = Dictionary(macs.map { ($0.name, $0.macs) }, uniquingKeysWith: { first, _ in first })
        self.layers = layers.map { layer in
            Layer(
                name: layer.name, elements: layer.elements, macs: products[layer.name] ?? 0,
                histogram: layer.histogram.counts, largestMagnitude: layer.histogram.largest,
                entropyBits: layer.histogram.entropyBits, fullRank: layer.redundancy.fullRank,
                singularValues: layer.redundancy.spectrum, rankOf90Percent: layer.redundancy.rank(keeping: 0.9),
                rankOf99Percent: layer.redundancy.rank(keeping: 0.99), duplicateFilters: layer.redundancy.duplicates)
        }
    }

    /// Adds what was seen of each layer's result.
    public mutating func add(ranges: [String: ActivationRange], of network: Network) {
        let results = Dictionary(
            network.nodes.compactMap { node in node.outputs.first.map { (node.name, network[$0].name) } },
            uniquingKeysWith: { first, _ in first })
        for place in layers.indices {
            guard let range = results[layers[place].name].flatMap({ ranges[$0] }), range.cases > 0 else { continue }
            layers[place].range = Range(
                minimum: Double(range.minimum), maximum: Double(range.maximum), mean: range.meanRange,
                integerBits: range.integerBits)
        }
    }

    /// Adds how far the outputs move when one layer alone is compressed.
    public mutating func add(sensitivities entries: [SensitivityAnalysis.Entry]) {
        for entry in entries {
            if !probes.contains(entry.probe) { probes.append(entry.probe) }
            guard let place = layers.firstIndex(where: { $0.name == entry.layer }), let damage = entry.damage else {
                continue
            }
            layers[place].sensitivity[entry.probe] = damage
        }
    }
}

extension AnalysisReport {
    public var text: String {
        let hasRanges = layers.contains { $0.range != nil }
        var table = TextTable(
            [
                .left("layer"), .right("weights"), .right("MACs"), .left("-1 ... weights ... 1"), .right("entropy"),
                .right("rank"), .right("90 %"), .right("99 %"), .right("doubled"),
            ]
                + (hasRanges ? [.right("minimum"), .right("maximum"), .right("mean range"), .right("IL")] : [])
                + probes.map { .right($0) })
        for layer in layers { table.append(cells(layer, hasRanges: hasRanges)) }
        let notes = [
            "entropy in bits a weight of 32 levels (5 bits without a coder); rank: full, and for 90 and 99 % of the energy",
            hasRanges ? "IL: integer bits with the sign; last columns: relative squared error of the outputs" : nil,
        ]
        return table.text + "\n" + notes.compactMap { $0.map { $0 + "\n" } }.joined()
    }

    private func cells(_ layer: Layer, hasRanges: Bool) -> [String] {
        var cells = [
            layer.name, Figures.grouped(layer.elements), Figures.grouped(layer.macs), Self.bars(layer.histogram),
            Figures.decimal(layer.entropyBits, decimals: 2), "\(layer.fullRank)", "\(layer.rankOf90Percent)",
            "\(layer.rankOf99Percent)", "\(layer.duplicateFilters)",
        ]
        if hasRanges {
            cells +=
                layer.range.map { range in
                    [
                        Figures.significant(range.minimum), Figures.significant(range.maximum),
                        Figures.significant(range.mean), "\(range.integerBits)",
                    ]
                } ?? ["-", "-", "-", "-"]
        }
        return cells + probes.map { layer.sensitivity[$0].map { Figures.significant($0) } ?? "-" }
    }

    /// Counts as bars of eight heights, one character a level.
    private static func bars(_ counts: [Int]) -> String {
        let heights: [Character] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
        let largest = max(counts.max() ?? 0, 1)
        return String(counts.map { heights[($0 * (heights.count - 1) + largest - 1) / largest] })
    }
}
