import Diagnostics
import Networks
import Tensors

/// Every kernel keeps `entries` weights, at the places of one of a few patterns.
///
/// The natural pattern of a kernel holds its `entries` largest magnitudes; of equals, the first along its rows. The `patterns`
/// most frequent natural patterns of a layer are its dictionary (of equals, the one met first), and every kernel takes the
/// pattern of the dictionary that keeps the largest sum of squares. Stored are the patterns, for each kernel `log2(patterns)` bits
/// rounded up, and the weights that stay. The source trains with these constraints and also drops whole kernels, which magnitude
/// pruning of kernels does here.
public struct KernelPatternPruning: CompressionStep {
    public static let description = StepDescription(
        name: "kernel-pattern-pruning",
        summary: "Keeps a few weights of every kernel, at the places of one of the most frequent patterns",
        citation: "Niu, Ma, Lin, Wang, Qian, Lin, Wang, Ren: PatDNN, 2020",
        parameters: [
            ParameterDescription("entries", "Weights of a kernel that stay", .integer(1...63, default: 4)),
            ParameterDescription("patterns", "Patterns of a layer at most", .integer(1...256, default: 8)),
        ], categories: [.sparsification], profits: [.storage, .zeroSkipping])

    public var layers: LayerSelection
    /// 1...63.
    public var entries: Int
    /// 1...256.
    public var patterns: Int

    public init(layers: LayerSelection = .all, entries: Int = 4, patterns: Int = 8) {
        self.layers = layers
        self.entries = entries
        self.patterns = patterns
    }

    public init(layers: LayerSelection, parameters: StepParameters) {
        self.init(
            layers: layers, entries: parameters.integer("entries") ?? 4,
            patterns: parameters.integer("patterns") ?? 8)
    }

    public var parameters: [String: ParameterValue] {
        ["entries": .integer(entries), "patterns": .integer(patterns)]
    }

    public var category: StepCategory { .sparsification }

    public func transform(
        _ compressed: CompressedNetwork, layers: [String], observing observer: any ActivationObserver
    ) throws -> StepOutcome {
        let admitted = try self.layers.admit(layers, to: "kernel pattern pruning") { layer in
            compressed.maskingRefusal(of: layer) ?? refusal(of: layer, in: compressed.network)
        }
        var (result, remarks): (CompressedNetwork, [String]) = (compressed, [])
        for layer in admitted {
            guard let place = result.network.place(ofLayer: layer), let id = result.network.nodes[place].weights else {
                continue
            }
            let kernels = kernels(of: result.network[id])
            let dictionary = dictionary(of: kernels)
            let chosen = kernels.map { kernel in
                let energies = dictionary.map { pattern in
                    zip(kernel, pattern).reduce(0) { $1.1 ? $0 + $1.0 * $1.0 : $0 }
                }
                return energies.indices.min { (-energies[$0], $0) < (-energies[$1], $1) } ?? 0
            }
            result.keep(dictionary, patterns: chosen, form: PatternedKernels(), ofLayer: layer)
            remarks.append("layer '\(layer)': \(dictionary.count) patterns")
        }
        return StepOutcome(result, touched: admitted, remarks: remarks)
    }

    /// The weights of every kernel, outputs outermost.
    private func kernels(of weights: Value) -> [[Double]] {
        let (reals, kernels) = (weights.reals, KernelPlaces(weights.shape))
        return (0..<kernels.count).map { kernels.kernel($0, of: reals) }
    }

    /// The most frequent natural patterns.
    private func dictionary(of kernels: [[Double]]) -> [[Bool]] {
        var counts: [[Bool]: (count: Int, first: Int)] = [:]
        for (index, kernel) in kernels.enumerated() {
            let kept = Set(kernel.map(abs).fallingOrder.prefix(entries))
            counts[kernel.indices.map(kept.contains), default: (0, index)].count += 1
        }
        let order = counts.sorted { (-$0.value.count, $0.value.first) < (-$1.value.count, $1.value.first) }
        return order.prefix(patterns).map(\.key)
    }

    private func refusal(of layer: String, in network: Network) -> String? {
        guard let node = network.node(ofLayer: layer), let weights = node.weights,
            node.operation is Convolution2D, network[weights].shape.rank == 4, network[weights].shape.elementCount > 0
        else { return "not a convolution" }
        let places = KernelPlaces(network[weights].shape).places
        return entries >= places ? "patterns of \(entries) in kernels of \(places) weights" : nil
    }
}
