import Diagnostics
import Networks
import Tensors

/// What convolutions of the original network make of each calibration case before their activations.
///
/// Layers that come next are seen in the same run, as far as the numbers of one case stay below a bound.
struct OriginalResponses {
    private let network: Network
    /// Layers in the order in which they will be asked for.
    private let layers: [String]
    private var held: [String: [Matrix]] = [:]

    /// Numbers of one case that are held, unless a single layer has more.
    private static let largestCase = 32_768

    init(_ network: Network, of layers: [String]) {
        self.network = network
        self.layers = layers
    }

    /// The responses of a layer, for each case a matrix with a row for each position taken.
    mutating func callAsFunction(of layer: String, observing observer: any ActivationObserver) throws -> [Matrix] {
        if let found = held[layer] { return found }
        held = [:]
        var (sources, numbers): ([Source], Int) = ([], 0)
        for next in layers[(layers.firstIndex(of: layer) ?? 0)...] {
            guard let source = Source(next, in: network) else { continue }
            numbers += source.numbers
            guard sources.isEmpty || numbers <= Self.largestCase else { break }
            sources.append(source)
        }
        for source in sources { held[source.layer] = [] }
        try observer.observe(sources.map(\.input), of: network) { tensors in
            for (source, tensor) in zip(sources, tensors) {
                held[source.layer]?.append(source.responses(to: tensor))
            }
        }
        return held[layer] ?? []
    }

    /// One layer with what its responses are computed from.
    private struct Source {
        let layer: String
        let input: ValueID
        private let patches: LayerPatches
        private let places: [Int]?
        private let filters: Matrix
        private let bias: [Double]

        init?(_ layer: String, in network: Network) {
            guard let node = network.nodes.first(where: { $0.name == layer }),
                let patches = LayerPatches(node, in: network), let weights = node.weights
            else { return nil }
            (self.layer, self.patches, input) = (layer, patches, node.inputs[0])
            places = patches.spread(FitTarget.positions)
            filters = patches.filters(of: network[weights].reals).transposed
            bias = CompressedNetwork(network).biasReals(of: node)
        }

        /// Numbers of one case.
        var numbers: Int { (places?.count ?? patches.positions) * patches.groupOutputs }

        func responses(to input: Tensor) -> Matrix {
            var responses = patches.matrix(of: input, at: places).times(filters)
            responses.addOuter([Double](repeating: 1, count: responses.rows), bias, factor: 1)
            return responses
        }
    }
}
