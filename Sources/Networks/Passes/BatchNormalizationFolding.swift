import Tensors

/// Folds a batch normalization into weights and bias of the layer in front of it.
///
/// Applies behind a convolution, depthwise convolution or fully connected layer of reals without a clamp, when only the
/// normalization reads the layer's result and the result is no network output. Factors are formed in double precision.
public struct BatchNormalizationFolding: NetworkPass {
    public static let name = "batchNormalizationFolding"

    public init() {}

    public func applied(to network: Network) -> Network {
        var result = network
        let neighbours = Neighbourhood(network)
        var producers = neighbours.producers
        var folded = Set<Int>()
        for (index, node) in network.nodes.enumerated() {
            guard let normalization = node.operation as? BatchNormalization, let input = node.inputs.first,
                neighbours.isPrivate(input), let producer = producers[input],
                var layer = LayerParameters(of: result.nodes[producer], in: result),
                let map = normalization.map(of: node, in: result), map.factors.count == layer.outputs
            else { continue }
            layer.follow(by: map.factors, terms: map.terms)
            layer.store(in: &result, node: producer, neighbours: neighbours)
            result.nodes[producer].outputs = node.outputs
            for output in node.outputs { producers[output] = producer }
            folded.insert(index)
        }
        result.nodes = result.nodes.indices.filter { !folded.contains($0) }.map { result.nodes[$0] }
        return result
    }
}

extension BatchNormalization {
    /// `factor * x + term` for each channel, or nil when a parameter is computed or a factor is not finite.
    fileprivate func map(of node: Node, in network: Network) -> (factors: [Double], terms: [Double])? {
        let vectors = node.inputs.dropFirst().compactMap { network[$0].constant?.floats.map(Double.init) }
        guard vectors.count == 4 else { return nil }
        let factors = vectors[0].indices.map { vectors[0][$0] / (vectors[3][$0] + Double(epsilon)).squareRoot() }
        let terms = factors.indices.map { vectors[1][$0] - vectors[2][$0] * factors[$0] }
        return (factors + terms).allSatisfy(\.isFinite) ? (factors, terms) : nil
    }
}
