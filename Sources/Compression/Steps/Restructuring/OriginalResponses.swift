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
        var (sources, numbers): ([(layer: String, input: ValueID, response: LinearResponse)], Int) = ([], 0)
        for next in layers[(layers.firstIndex(of: layer) ?? 0)...] {
            guard let node = network.node(ofLayer: next),
                let response = LinearResponse(node, in: network, positions: FitTarget.positions)
            else { continue }
            numbers += response.numbers
            guard sources.isEmpty || numbers <= Self.largestCase else { break }
            sources.append((next, node.inputs[0], response))
        }
        for source in sources { held[source.layer] = [] }
        try observer.observe(sources.map(\.input), of: network) { tensors in
            for (source, tensor) in zip(sources, tensors) {
                held[source.layer]?.append(source.response.responses(to: tensor))
            }
        }
        return held[layer] ?? []
    }
}
