/// Fuses a clamp into the operator in front of it.
///
/// Applies when only the rectifier reads that operator's result, the result is no network output, and both results are
/// real or lie on the same grid; then no integer changes.
public struct ActivationFusion: NetworkPass {
    public static let name = "activationFusion"

    public init() {}

    public func applied(to network: Network) -> Network {
        var result = network
        var producers = network.producers
        let neighbours = Neighbourhood(network)
        var fused = Set<Int>()
        for (index, node) in network.nodes.enumerated() {
            guard let rectifier = node.operation as? Rectifier, let input = node.inputs.first,
                let output = node.outputs.first, neighbours.isPrivate(input), let producer = producers[input],
                var operation = result.nodes[producer].operation as? any ActivatedOperator,
                result[input].quantization == result[output].quantization,
                result[input].elementType == result[output].elementType,
                let activation = operation.activation.followed(by: rectifier.activation)
            else { continue }
            operation.activation = activation
            result.nodes[producer].operation = operation
            result.nodes[producer].outputs = node.outputs
            producers[output] = producer
            fused.insert(index)
        }
        result.nodes = result.nodes.indices.filter { !fused.contains($0) }.map { result.nodes[$0] }
        return result
    }
}
