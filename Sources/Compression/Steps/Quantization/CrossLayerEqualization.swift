import Diagnostics
import Foundation
import Networks
import Tensors

/// Scale moves from layer to layer until the weights that make a channel and those that read it reach equally far.
///
/// Channel `i` between two layers is divided by `s_i = sqrt(r1_i / r2_i)`, with `r1_i` the largest magnitude of the weights that
/// write it and `r2_i` of those that read it: the former and the bias are divided, the latter multiplied. What lies between must keep
/// proportions (no clamp above, one reader), so that the network computes what it did, up to rounding. Repeated over all pairs
/// until no `s_i` is further than a thousandth from 1. Channels that are written or read by weights below `2^-24` of their
/// layer's largest, dead but for their bias, stay as they are: there is nothing to equalize. Pays where one scale serves a whole layer, and on activations.
public struct CrossLayerEqualization: CompressionStep {
    public static let description = StepDescription(
        name: "cross-layer-equalization",
        summary: "Scales channels from layer to layer so that their weights reach equally far; the function stays",
        citation:
            "Nagel, van Baalen, Blankevoort, Welling: Data-Free Quantization Through Weight Equalization and Bias "
            + "Correction, 2019",
        parameters: [], categories: [.adjustment], profits: [.accuracy])

    public var layers: LayerSelection

    public init(layers: LayerSelection = .all) {
        self.layers = layers
    }

    public init(layers: LayerSelection, parameters: StepParameters) {
        self.init(layers: layers)
    }

    public var parameters: [String: ParameterValue] { [:] }
    public var category: StepCategory { .adjustment }

    private static let sweeps = 100
    /// How far from 1 a factor may be when all is done.
    private static let tolerance = 1e-3

    public func transform(
        _ compressed: CompressedNetwork, layers: [String], observing observer: any ActivationObserver
    ) throws -> StepOutcome {
        var result = compressed
        let remarks = result.isInteger ? [] : result.makeNormalizationsLayers()
        let admitted = try self.layers.admit(layers, to: Self.description.name) { refusal(of: $0, in: result) }
        let places = admitted.compactMap(result.network.place(ofLayer:))
        let pairs = places.compactMap(result.network.proportionalPair(from:))
        for pair in pairs {
            for place in [pair.first, pair.second] {
                _ = result.ownWeights(ofNodeAt: place)
                if let operand = result.network.nodes[place].operation.weightOperand,
                    result.network.nodes[place].bias != nil
                {
                    _ = result.network.own(operand: operand + 1, ofNodeAt: place)
                }
            }
        }
        var equalized = EqualizedWeights(pairs, in: result.network)
        for _ in 0..<Self.sweeps where equalized.sweep() > Self.tolerance {}
        try equalized.store(in: &result.network)
        let names = Set(pairs.flatMap { [$0.first, $0.second] }).sorted().map { result.network.nodes[$0].name }
        return StepOutcome(result, touched: names, remarks: remarks)
    }

    /// Why nothing can be moved from a layer to the next, or nil if it can.
    private func refusal(of layer: String, in compressed: CompressedNetwork) -> String? {
        guard let place = compressed.network.place(ofLayer: layer),
            let pair = compressed.network.proportionalPair(from: place)
        else { return "its channels do not reach one layer alone through operators that keep proportions" }
        for place in [pair.first, pair.second] {
            guard let weights = compressed.network.nodes[place].weights.map({ compressed.network[$0] }) else {
                continue
            }
            if !weights.isFloat { return "its weights or those of the next layer are integers" }
            if compressed.grids[weights.name] != nil { return "its weights or those of the next layer lie on a grid" }
        }
        return nil
    }
}

/// The weights and biases of layers between which scale moves.
private struct EqualizedWeights {
    private let pairs: [ProportionalPair]
    private var weights: [Int: [Double]] = [:]
    private var biases: [Int: [Double]] = [:]
    /// For each pair, by channel, the places of the weights that write and that read it.
    private var members: [(writers: [[Int]], readers: [[Int]])] = []
    /// For each pair, its channels whose weights are no rounding error beside those of their layers.
    private var living: [[Int]] = []

    init(_ pairs: [ProportionalPair], in network: Network) {
        self.pairs = pairs
        for pair in pairs {
            for place in [pair.first, pair.second] {
                let node = network.nodes[place]
                weights[place] = node.weights.map { network[$0].reals }
                biases[place] = node.bias.map { network[$0].reals }
            }
            var writers = [[Int]](repeating: [], count: pair.channels)
            var readers = writers
            if let patches = LayerPatches(network.nodes[pair.first], in: network) {
                patches.forEachWeight { group, channel, column in
                    writers[channel].append(patches.place(ofColumn: column, channel: channel))
                }
            }
            if let patches = LayerPatches(network.nodes[pair.second], in: network) {
                patches.forEachWeight { group, channel, column in
                    let input = patches.inputChannel(ofColumn: column, group: group, channels: pair.channels)
                    readers[input].append(patches.place(ofColumn: column, channel: channel))
                }
            }
            members.append((writers, readers))
            living.append(
                (0..<pair.channels).filter { channel in
                    reach(of: writers[channel], at: pair.first) > floor(of: pair.first)
                        && reach(of: readers[channel], at: pair.second) > floor(of: pair.second)
                })
        }
    }

    /// Equalizes all pairs once.
    ///
    /// - Returns: the largest distance of a factor from 1, as a logarithm.
    mutating func sweep() -> Double {
        var largest = 0.0
        for (pair, (members, living)) in zip(pairs, zip(members, living)) {
            for channel in living {
                let written = reach(of: members.writers[channel], at: pair.first)
                let read = reach(of: members.readers[channel], at: pair.second)
                guard written > 0, read > 0 else { continue }
                let factor = (written / read).squareRoot()
                guard factor.isNormal else { continue }
                for place in members.writers[channel] { weights[pair.first]?[place] /= factor }
                for place in members.readers[channel] { weights[pair.second]?[place] *= factor }
                biases[pair.first]?[channel] /= factor
                largest = max(largest, abs(log(factor)))
            }
        }
        return largest
    }

    /// - Throws: `Diagnostics` when a bias or weight leaves float32.
    func store(in network: inout Network) throws {
        var findings: [Diagnostic] = []
        for (place, reals) in weights.sorted(by: { $0.key < $1.key }) {
            let node = network.nodes[place]
            let bias = biases[place] ?? []
            if let stray = (reals + bias).first(where: { !Float($0).isFinite }) {
                findings.append(Diagnostic(layer: node.name, "a weight would become \(stray)"))
                continue
            }
            if let id = node.weights { network[id].constant = Tensor(network[id].shape, reals.map(Float.init)) }
            if let id = node.bias { network[id].constant = Tensor(network[id].shape, bias.map(Float.init)) }
        }
        guard findings.isEmpty else { throw Diagnostics(findings) }
    }

    /// What is nothing beside the largest weight of a layer as it was given, in float32.
    private func floor(of node: Int) -> Double {
        (weights[node] ?? []).reduce(0) { max($0, abs($1)) } * 0x1p-24
    }

    private func reach(of places: [Int], at node: Int) -> Double {
        guard let weights = weights[node] else { return 0 }
        return places.reduce(0) { max($0, abs(weights[$1])) }
    }
}

extension LayerPatches {
    /// Calls `body` with the group, the output channel and the column of every weight.
    fileprivate func forEachWeight(_ body: (_ group: Int, _ channel: Int, _ column: Int) -> Void) {
        for group in 0..<groups {
            for index in 0..<groupOutputs {
                for column in 0..<columns { body(group, channel(index, ofGroup: group), column) }
            }
        }
    }
}
