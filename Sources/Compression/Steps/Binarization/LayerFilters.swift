import Diagnostics
import Networks
import Tensors

/// The filters of a layer by output channel, with what fits their codes to responses where that is asked for.
struct LayerFilters {
    /// The axis of the layer's weights along which output channels lie.
    let axis: Int
    /// Where each channel's weights lie, in the order in which they are multiplied.
    let places: [[Int]]
    private let reals: [Double]
    private let fits: [ResponseFit]
    private let groupOutputs: Int

    /// - Parameter observer: nil to look at weights alone.
    init(
        of node: Node, in network: Network, observing observer: (any ActivationObserver)?, positions: Int
    ) throws {
        guard let id = node.weights, let patches = LayerPatches(node, in: network) else {
            throw Diagnostic(layer: node.name, "it has no filters")
        }
        axis = network.outputAxis(ofWeightsOf: node)
        reals = network[id].reals
        let channels = try network[id].shape.channels(along: axis)
        places = channels.indexing.places(of: reals.count, channels: channels.count)
        groupOutputs = max(patches.groupOutputs, 1)
        fits =
            try observer.map {
                try ResponseFit.groups(of: node, in: network, observing: $0, positions: positions)
            } ?? []
    }

    /// The weights of each channel.
    var weights: [[Double]] { places.map { places in places.map { reals[$0] } } }

    /// The fit of a channel to responses, if it was asked for.
    func fit(ofChannel channel: Int) -> ResponseFit? {
        fits.isEmpty ? nil : fits[channel / groupOutputs]
    }

    /// What each channel's bias must be raised by when its weights become `values`.
    func biasChange(to values: [[Double]]) -> [Double] {
        weights.indices.map { fit(ofChannel: $0)?.meanChange(from: weights[$0], to: values[$0]) ?? 0 }
    }

    /// Numbers of each channel's weights in the order of the tensor.
    func stored<Number>(_ numbers: [[Number]], filling: Number) -> [Number] {
        var stored = [Number](repeating: filling, count: reals.count)
        for (places, numbers) in zip(places, numbers) {
            for (place, number) in zip(places, numbers) { stored[place] = number }
        }
        return stored
    }
}
