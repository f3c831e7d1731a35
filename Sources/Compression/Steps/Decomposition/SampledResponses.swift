import Diagnostics
import Networks
import Tensors

/// Responses of a layer before its clamp on calibration cases, one row a sampled output position.
struct SampledResponses {
    /// Rows by output channels.
    let matrix: Matrix

    /// - Parameter positions: at most so many positions of a case, at even distances.
    /// - Throws: `Diagnostic` when there are no calibration cases.
    init(of node: Node, in network: Network, observing observer: any ActivationObserver, positions: Int) throws {
        guard let layer = LinearResponse(node, in: network, positions: positions), layer.groups == 1 else {
            throw Diagnostic(layer: node.name, "its weights are not known")
        }
        var elements: [Double] = []
        var rows = 0
        try observer.observe([node.inputs[0]], of: network) { tensors in
            let responses = layer.responses(to: tensors[0])
            elements += responses.elements
            rows += responses.rows
        }
        guard rows > 0 else {
            throw Diagnostic(layer: node.name, "its responses cannot be fitted without calibration cases")
        }
        matrix = Matrix(rows: rows, columns: layer.outputs, elements: elements)
    }
}
