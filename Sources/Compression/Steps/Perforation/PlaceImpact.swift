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
        for node in network.nodes where layers.contains(node.name) {
            let image = network[node.outputs[0]].shape
            places[node.name] = [Double](repeating: 0, count: image[1] * image[2])
        }
        var cases = 0
        try observer.observe(gradients.observed, of: network) { tensors in
            cases += 1
            let values = Dictionary(uniqueKeysWithValues: zip(gradients.observed, tensors))
            try gradients.forEachSlope(values) { node, slope in
                let shape = network[node.outputs[0]].shape
                for (place, value) in (values[node.outputs[0]]?.floats ?? []).enumerated() {
                    places[node.name]?[place / shape[3] % (shape[1] * shape[2])] += abs(slope[place] * Double(value))
                }
            }
        }
        guard cases > 0 else { throw Diagnostics([Diagnostic("no calibration case was seen to measure impact on")]) }
        places = places.mapValues { $0.map { $0 / Double(cases) } }
    }
}
