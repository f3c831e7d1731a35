import Networks
import Tensors

extension Network {
    /// Gives the layer at `place` a real bias of its own: the one it has, or zeros.
    ///
    /// - Returns: nil for a layer without weights or with an integer bias.
    mutating func ownBias(ofNodeAt place: Int) -> ValueID? {
        let node = nodes[place]
        guard let operand = node.operation.weightOperand, let result = node.outputs.first else { return nil }
        if let bias = node.bias {
            return self[bias].isFloat && self[bias].constant != nil ? own(operand: operand + 1, ofNodeAt: place) : nil
        }
        let outputs = self[result].shape.extents.last ?? 1
        let zeros = Tensor([outputs], [Float](repeating: 0, count: outputs))
        let id = append(Value(name: unusedName("\(node.name).bias"), constant: zeros))
        nodes[place].inputs.append(id)
        return id
    }

    /// Adds to the bias of the layer at `place`, one element an output channel.
    mutating func shiftBias(ofNodeAt place: Int, by offsets: [Double]) {
        guard offsets.contains(where: { $0 != 0 }), let id = ownBias(ofNodeAt: place),
            let constant = self[id].constant
        else { return }
        self[id].constant = Tensor(constant.shape, zip(constant.floats, offsets).map { Float(Double($0) + $1) })
    }
}
