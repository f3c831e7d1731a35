import FixedPoint
package import Networks
import Tensors
import Workloads

extension Network {
    /// Whether the weights are integers already.
    var isInteger: Bool {
        nodes.contains { node in node.weights.map { self[$0].quantization != nil } ?? false }
    }
}

extension Candidate {
    /// Widths of the uncompressed integer network: 8 bits for a float network, what it has for an integer one.
    package static func baseline(of network: Network) -> Candidate {
        let assignments = network.nodes.compactMap { node -> Assignment? in
            guard let choice = LayerChoice.baseline(of: node, in: network) else { return nil }
            return Assignment(layer: node.name, choice: choice)
        }
        return Candidate(assignments: assignments)
    }
}

extension LayerChoice {
    /// What an uncompressed layer has, or nil for a node without weights and without a grid of its own.
    fileprivate static func baseline(of node: Node, in network: Network) -> LayerChoice? {
        let weights = node.weights.flatMap { network[$0].constant == nil ? nil : network[$0] }
        if network.isInteger {
            guard let weights, let quantization = weights.quantization else { return nil }
            return LayerChoice(weightBits: quantization.format.bits, activationBits: nil)
        }
        if weights != nil { return LayerChoice(weightBits: 8, activationBits: 8) }
        let rescales = node.operation.computeClass == .elementwise && node.inputs.count > 1
        return rescales ? LayerChoice(weightBits: nil, activationBits: 8) : nil
    }
}
