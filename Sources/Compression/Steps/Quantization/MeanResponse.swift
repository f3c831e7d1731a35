import Foundation
import Networks
import Tensors

extension ActivationObserver {
    /// The mean of every column of a layer's patches, by group.
    func meanPatches(of node: Node, in network: Network, positions: Int) throws -> [[Double]] {
        guard let patches = LayerPatches(node, in: network) else { return [] }
        let places = patches.spread(positions)
        var (sums, rows) = (
            [[Double]](repeating: [Double](repeating: 0, count: patches.columns), count: patches.groups), 0
        )
        try observe([node.inputs[0]], of: network) { tensors in
            for group in sums.indices {
                let matrix = patches.matrix(of: tensors[0], group: group, at: places)
                matrix.addColumnSums(to: &sums[group])
                if group == 0 { rows += matrix.rows }
            }
        }
        return sums.map { $0.map { $0 / Double(max(rows, 1)) } }
    }
}

extension CompressedNetwork {
    /// A layer's response, bias included and before its clamp, to these patches, by output channel.
    func meanResponse(of node: Node, inputs: [[Double]]) -> [Double] {
        var response = biasReals(of: node)
        guard let id = node.weights, let patches = LayerPatches(node, in: network), inputs.count == patches.groups
        else {
            return response
        }
        let reals = network[id].reals
        for group in inputs.indices {
            let filters = patches.filters(of: reals, group: group)
            for index in 0..<patches.groupOutputs {
                response[patches.channel(index, ofGroup: group)] += zip(filters.row(index), inputs[group]).reduce(0) {
                    $0 + $1.0 * $1.1
                }
            }
        }
        return response
    }
}

extension Network {
    /// The mean of a layer's patches when a batch normalization, with or without a clamp, writes what it reads; nil otherwise.
    func expectedPatches(ofLayer layer: String) -> [[Double]]? {
        guard let place = place(ofLayer: layer), let patches = LayerPatches(nodes[place], in: self) else { return nil }
        let producers = self.producers
        var value = nodes[place].inputs[0]
        var clamp = Activation.none
        while let writer = producers[value] {
            let node = nodes[writer]
            if let normalization = node.operation as? BatchNormalization {
                let vectors = node.inputs.dropFirst().compactMap { self[$0].constant?.floats.map(Double.init) }
                guard vectors.count == 4, normalization.epsilon.isFinite else { return nil }
                let means = zip(vectors[1], vectors[0]).map { clamp.mean(ofNormal: $0, deviation: abs($1)) }
                guard self[nodes[place].inputs[0]].shape.extents.last == means.count else { return nil }
                return (0..<patches.groups).map { group in
                    (0..<patches.columns).map {
                        means[patches.inputChannel(ofColumn: $0, group: group, channels: means.count)]
                    }
                }
            }
            guard let rectifier = node.operation as? Rectifier, clamp == .none else { return nil }
            clamp = rectifier.activation
            value = node.inputs[0]
        }
        return nil
    }
}

extension Activation {
    /// The mean of a normal variable behind this clamp.
    package func mean(ofNormal mean: Double, deviation: Double) -> Double {
        let (lower, upper) = (range.lower.map(Double.init), range.upper.map(Double.init))
        guard deviation > 0 else { return min(max(mean, lower ?? mean), upper ?? mean) }
        func below(_ end: Double) -> Double { erfc((mean - end) / (deviation * 2.0.squareRoot())) / 2 }
        func density(_ end: Double) -> Double {
            exp(-(end - mean) * (end - mean) / (2 * deviation * deviation)) / (2 * Double.pi).squareRoot()
        }
        let (low, high) = (lower.map(below) ?? 0, upper.map(below) ?? 1)
        let inner = mean * (high - low) - deviation * ((upper.map(density) ?? 0) - (lower.map(density) ?? 0))
        return inner + (lower ?? 0) * low + (upper ?? 0) * (1 - high)
    }
}
