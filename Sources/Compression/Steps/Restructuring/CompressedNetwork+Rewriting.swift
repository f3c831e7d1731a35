import Diagnostics
import Networks
import Tensors

extension CompressedNetwork {
    /// Replaces layers one after the other, each fitted to what the network rewritten so far gives it; collects all faults.
    ///
    /// - Parameter rewrite: changes the network it is given in the place of the layer, and returns the names of its parts.
    mutating func rewriteInTurn(
        _ layers: [String], by rewrite: (inout CompressedNetwork, Node, Tensor) throws -> [String]
    ) throws -> [String] {
        var (touched, findings): ([String], [Diagnostic]) = ([], [])
        for layer in layers {
            guard let place = network.place(ofLayer: layer),
                let weights = network.nodes[place].weights.flatMap({ network[$0].constant })
            else { continue }
            do {
                touched += try rewrite(&self, network.nodes[place], weights)
            } catch let finding as Diagnostic {
                findings.append(finding.ofLayer(layer))
            }
        }
        guard findings.isEmpty else { throw Diagnostics(findings) }
        return touched
    }
}

extension Network {
    /// A float convolution in one group whose weights are constant, or nil for another layer.
    func plainConvolution(_ layer: String) -> (operation: Convolution2D, weights: Tensor)? {
        guard let node = nodes.first(where: { $0.name == layer }), let operation = node.operation as? Convolution2D,
            operation.groups == 1, let weights = node.weights.flatMap({ self[$0].constant }),
            weights.elementType == .float32, weights.shape.elementCount > 0
        else { return nil }
        return (operation, weights)
    }
}

extension Diagnostic {
    /// The remark on how well a rewritten layer answers.
    static func fitRemark(layer: String, error: Double) -> String {
        "layer '\(layer)': relative squared error \(Float(error)) of what it was fitted to"
    }
}
