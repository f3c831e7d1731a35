import Diagnostics
package import Networks
import Tensors

/// How much a network's scores follow the output channels of layers.
///
/// For channel `c` it is the mean over cases of the sum over positions of `sum_k (dz_k / da_c)²`, where `z` are the scores and `a` the
/// channel's response before its clamp: the output half of the Kronecker-factored curvature (Martens, Grosse, 2015) of the squared
/// change of the scores. The sum over `k` is estimated from one backward pass a case with random signs (Hutchinson, 1990).
package struct ScoreSensitivity: Sendable {
    /// By the name of the layer and by output channel.
    package private(set) var channels: [String: [Double]] = [:]

    /// - Parameter cases: calibration cases of which slopes are taken, at most.
    /// - Throws: `Diagnostics` when an operator behind a layer carries no gradient.
    package init(
        of layers: [String], in network: Network, cases: Int = 64, observing observer: any ActivationObserver
    ) throws {
        let gradients = try GradientTape(network, of: layers)
        for node in network.nodes where layers.contains(node.name) {
            channels[node.name] = [Double](repeating: 0, count: network[node.outputs[0]].shape.extents.last ?? 1)
        }
        var (seen, generator) = (0, SplitMix64(seed: 0))
        try observer.observe(gradients.observed, of: network, first: cases) { tensors in
            seen += 1
            let values = Dictionary(uniqueKeysWithValues: zip(gradients.observed, tensors))
            let signs = (0..<network[gradients.start].shape.elementCount).map { _ in
                generator.next() & 1 == 0 ? -1.0 : 1.0
            }
            try gradients.forEachSlope(values, from: signs) { node, slope in
                guard let result = values[node.outputs[0]] else { return }
                add(node.operation.clamp.passed(slope, at: result.floats), of: node.name)
            }
        }
        channels = channels.mapValues { $0.map { $0 / Double(max(seen, 1)) } }
    }

    private mutating func add(_ slopes: [Double], of layer: String) {
        guard var sums = channels[layer] else { return }
        for (place, slope) in slopes.enumerated() { sums[place % sums.count] += slope * slope }
        channels[layer] = sums
    }
}

extension Operator {
    fileprivate var clamp: Activation {
        (self as? Convolution2D)?.activation ?? (self as? DepthwiseConvolution2D)?.activation
            ?? (self as? FullyConnected)?.activation ?? .none
    }
}
