import FixedPoint
import Networks
import Tensors

extension CompressedNetwork {
    /// Largest magnitude of a stored bias; a weight scale is raised where a bias would exceed it.
    static let largestBias = Double(1 << 46)

    /// The reals of a layer's bias, by output channel; zeros without a bias.
    func biasReals(of node: Node) -> [Double] {
        guard let weights = node.weights else { return [] }
        let channels = network[weights].shape[network.outputAxis(ofWeightsOf: node)]
        guard let bias = node.bias, let constant = network[bias].constant else {
            return [Double](repeating: 0, count: channels)
        }
        guard let integers = constant.integers else { return constant.floats.map(Double.init) }
        let input = Double(network[node.inputs[0]].quantization?.scale ?? 1)
        let scales = network[weights].quantization?.scales ?? [1]
        return integers.indices.map { Double(integers[$0]) * input * Double(scales[scales.count == 1 ? 0 : $0]) }
    }

    /// Gives a layer integer weights and the bias that belongs to them, and the register that holds its sums.
    ///
    /// - Parameter bias: reals by output channel.
    /// - Returns: what was decided beyond the default, a sentence each.
    mutating func fit(
        nodeAt place: Int, weights integers: [Int], on grid: Quantization, bias reals: [Double]
    ) -> [String] {
        guard let weights = ownWeights(ofNodeAt: place),
            let tensor = Tensor(network[weights].shape, integers: integers, storedAs: grid.storage)
        else { return [] }
        let name = network[weights].name
        network[weights] = Value(name: name, constant: tensor, quantization: grid)
        grids[name] = nil
        let node = network.nodes[place]
        guard let input = network[node.inputs[0]].quantization else { return [] }
        let scales = reals.indices.map { channel in
            Double(input.scale) * Double(grid.scales[grid.scales.count == 1 ? 0 : channel])
        }
        let bias = reals.indices.map { channel -> Int in
            let integer = (reals[channel] / scales[channel]).rounded()
            return Int(min(max(integer, -CompressedNetwork.largestBias), CompressedNetwork.largestBias))
        }
        var remarks: [String] = []
        if node.bias != nil, let operand = node.operation.weightOperand {
            let id = network.own(operand: operand + 1, ofNodeAt: place)
            setBias(id, bias, scales: scales, grid: grid)
            if network[id].elementType == .int64 {
                remarks.append("layer '\(node.name)': a bias leaves 32 bits and is stored in 64")
            }
        }
        let bits = accumulatorBits(of: node, weights: integers, bias: bias, scales: scales, input: input)
        network.nodes[place].accumulator = Accumulator(bits: bits, overflow: .wrap)
        if bits > 32 { remarks.append("layer '\(node.name)': sums may leave 32 bits, accumulator of \(bits)") }
        return remarks
    }

    private mutating func setBias(_ id: ValueID, _ bias: [Int], scales: [Double], grid: Quantization) {
        let shared = grid.scales.count == 1
        let stored = (shared ? Array(scales.prefix(1)) : scales).map { max(Float($0), Float.leastNormalMagnitude) }
        let axis = shared ? nil : network[id].shape.extents.firstIndex(of: scales.count)
        network[id] = Value(
            name: network[id].name, constant: Tensor(network[id].shape, wide: bias),
            quantization: Quantization(format: .int32, scales: stored, axis: axis))
    }

    /// 32 when every sum and its first shift stay in 32 bits whatever the input, 64 otherwise.
    private func accumulatorBits(
        of node: Node, weights: [Int], bias: [Int], scales: [Double], input: Quantization
    ) -> Int {
        guard let id = node.weights, let output = network[node.outputs[0]].quantization else { return 32 }
        let reach = max(input.format.maximum - input.zeroPoint, input.zeroPoint - input.format.minimum)
        let channels = ChannelIndexing(network[id].shape, axis: network.outputAxis(ofWeightsOf: node))
        var bounds = bias.map { Double(abs($0)) }
        channels.forEachRun(of: weights.count) { channel, run in
            var sum = 0
            for place in run { sum += abs(weights[place]) }
            bounds[channel] += Double(sum) * Double(reach)
        }
        let fits = bounds.indices.allSatisfy { channel in
            let multiplier = scales[channel] / Double(output.scale)
            let shift = multiplier > 0 ? max(0, Double(multiplier.exponent) + 1) : 0
            return bounds[channel] * Double(sign: .plus, exponent: Int(min(shift, 62)), significand: 1) < 0x1p31
        }
        return fits ? 32 : 64
    }
}

extension Tensor {
    /// Integers stored in 32 bits where all of them fit, in 64 otherwise.
    init(_ shape: Shape, wide integers: [Int]) {
        let narrow = integers.compactMap { Int32(exactly: $0) }
        self.init(
            shape: shape,
            elements: narrow.count == integers.count ? .int32(narrow) : .int64(integers.map { Int64($0) }))
    }
}
