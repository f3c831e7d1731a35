import Diagnostics
import FixedPoint
import Networks
import Tensors

extension CompressedNetwork {
    /// Signs of reals become signs of integers: of one bit, with the magnitude as scale, on the grid of signs for all that share it.
    ///
    /// - Throws: `Diagnostics` for signs whose magnitude is not one positive constant.
    mutating func makeSigns(_ classes: GridClasses) throws {
        for place in network.nodes.indices {
            let node = network.nodes[place]
            guard (node.operation as? any GridRuled)?.gridRule == .signs else { continue }
            guard let scales = network[node.inputs[1]].constant?.floats, scales.count == 1, scales[0] > 0 else {
                throw Diagnostics([Diagnostic(layer: node.name, "the magnitude of its signs is not one constant")])
            }
            let grid = Quantization(format: .bipolar, scale: scales[0])
            for id in network.activations where classes.root(of: id) == classes.root(of: node.outputs[0]) {
                network[id].quantization = grid
                network[id].elementType = grid.storage
            }
            network.nodes[place].operation = Quantize()
            network.nodes[place].inputs = [node.inputs[0]]
        }
    }
}
