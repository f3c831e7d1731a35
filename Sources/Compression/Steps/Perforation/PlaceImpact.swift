import Diagnostics
package import Networks
import Tensors

/// The impact of each place of layers' results: the mean over cases of the sum over channels of `abs(dL/dv * v)`.
package struct PlaceImpact {
    /// By the name of the layer, row by row.
    package private(set) var places: [String: [Double]] = [:]

    /// - Throws: `Diagnostics` when an operator behind a layer carries no gradient.
    package init(of layers: [String], in network: Network, observing observer: any ActivationObserver) throws {
        let gradients = try GradientTape(network, of: layers)
        let wanted = network.nodes.filter { layers.contains($0.name) }
        for node in wanted {
            let image = network[node.outputs[0]].shape
            places[node.name] = [Double](repeating: 0, count: image[1] * image[2])
        }
        var cases = 0
        try observer.observe(gradients.observed, of: network) { tensors in
            cases += 1
            let slopes = try gradients.slopes(Dictionary(uniqueKeysWithValues: zip(gradients.observed, tensors)))
            for (index, id) in gradients.observed.enumerated() {
                guard let node = wanted.first(where: { $0.outputs[0] == id }), let slope = slopes[id] else { continue }
                let (values, channels) = (tensors[index].floats, network[id].shape[3])
                let extent = network[id].shape[1] * network[id].shape[2]
                for (place, value) in values.enumerated() {
                    places[node.name]?[place / channels % extent] += abs(slope[place] * Double(value))
                }
            }
        }
        guard cases > 0 else { throw Diagnostics([Diagnostic("no calibration case was seen to measure impact on")]) }
        places = places.mapValues { $0.map { $0 / Double(cases) } }
    }
}
