import FixedPoint
import Networks
import Tensors

extension CompressedNetwork {
    /// Gives a layer without a bias one of zeros.
    mutating func giveBias(toNodeAt place: Int) {
        let node = network.nodes[place]
        guard node.bias == nil, let weights = node.weights else { return }
        let channels = network[weights].shape[network.outputAxis(ofWeightsOf: node)]
        let name = network.unusedName("\(node.name).bias")
        let zeros = [Int](repeating: 0, count: channels)
        let value: Value
        if network[weights].isFloat {
            value = Value(name: name, constant: Tensor([channels], zeros.map(Float.init)))
        } else if let tensor = Tensor([channels], integers: zeros, storedAs: .int32) {
            value = Value(name: name, constant: tensor, quantization: Quantization(format: .int32, scale: 1))
        } else {
            return
        }
        network.nodes[place].inputs.append(network.append(value))
    }

    /// Puts a layer's weights on a grid, as integers or as the reals for which they stand, with the bias that belongs to them.
    ///
    /// - Parameter bias: reals by output channel.
    /// - Returns: what was decided beyond the default, a sentence each.
    mutating func place(
        nodeAt place: Int, weights integers: [Int], on grid: Quantization, bias: [Double]
    ) -> [String] {
        guard let id = ownWeights(ofNodeAt: place) else { return [] }
        guard network[id].isFloat else { return fit(nodeAt: place, weights: integers, on: grid, bias: bias) }
        network[id].constant = grid.reals(integers, shape: network[id].shape)
        grids[network[id].name] = grid
        setBias(ofNodeAt: place, bias)
        return []
    }

    /// Gives a layer another bias, as integers on the grid of its sums or as reals; none to a layer without.
    ///
    /// - Parameter reals: by output channel.
    /// - Returns: what was decided beyond the default, a sentence each.
    mutating func replaceBias(ofNodeAt place: Int, by reals: [Double]) -> [String] {
        let node = network.nodes[place]
        guard let weights = node.weights.map({ network[$0] }) else { return [] }
        if let integers = weights.constant?.integers, let grid = weights.quantization {
            return fit(nodeAt: place, weights: integers, on: grid, bias: reals)
        }
        setBias(ofNodeAt: place, reals)
        return []
    }

    private mutating func setBias(ofNodeAt place: Int, _ reals: [Double]) {
        let node = network.nodes[place]
        guard node.bias != nil, let operand = node.operation.weightOperand else { return }
        let id = network.own(operand: operand + 1, ofNodeAt: place)
        network[id].constant = Tensor(network[id].shape, reals.map(Float.init))
    }
}

extension Quantization {
    /// The reals for which integers on a grid without zero points stand, in single precision.
    func reals(_ integers: [Int], shape: Shape) -> Tensor {
        let channels = ChannelIndexing(shape, axis: axis)
        return Tensor(shape, integers.indices.map { Float(integers[$0]) * scales[channels.channel(of: $0)] })
    }
}
