import FixedPoint
import Tensors

/// A network whose real nodes between dequantize and quantize nodes become integer nodes one by one.
struct IntegerRewriting {
    private var result: Network
    private let neighbours: Neighbourhood
    /// The integers from which a real value has been dequantized.
    private var integers: [ValueID: ValueID] = [:]
    /// Integers that a removed quantize node would only have copied.
    private var copies: [ValueID: ValueID] = [:]
    private var removed = Set<Int>()
    private var biasNames = Set<String>()

    init(_ network: Network) {
        result = network
        neighbours = Neighbourhood(network)
        biasNames = Set(network.values.map(\.name))
        for node in network.nodes where node.operation is Dequantize { integers[node.outputs[0]] = node.inputs[0] }
    }

    consuming func network() -> Network {
        for index in result.nodes.indices {
            result.nodes[index].inputs = result.nodes[index].inputs.map { copies[$0] ?? $0 }
            let node = result.nodes[index]
            if node.operation is Dequantize { integers[node.outputs[0]] = node.inputs[0] }
            if node.operation is Quantize { rewrite(quantize: index) }
        }
        result.nodes = result.nodes.indices.filter { !removed.contains($0) }.map { result.nodes[$0] }
        return result
    }

    private mutating func rewrite(quantize index: Int) {
        let node = result.nodes[index]
        if let source = integers[node.inputs[0]], result[source].constant == nil {
            skip(index, source)
            return
        }
        guard var producer = neighbours.producers[node.inputs[0]], neighbours.isPrivate(node.inputs[0]),
            result[node.outputs[0]].quantization?.axis == nil
        else { return }
        var activation = Activation.none
        var consumed = [index]
        if let rectifier = result.nodes[producer].operation as? Rectifier,
            integers[result.nodes[producer].inputs[0]] == nil,
            let above = neighbours.producers[result.nodes[producer].inputs[0]],
            neighbours.isPrivate(result.nodes[producer].inputs[0])
        {
            activation = rectifier.activation
            consumed.append(producer)
            producer = above
        }
        guard let operation = integerOperation(result.nodes[producer].operation, activation),
            let inputs = integerOperands(of: result.nodes[producer])
        else { return }
        result.nodes[producer].operation = operation
        result.nodes[producer].inputs = inputs
        result.nodes[producer].outputs = node.outputs
        removed.formUnion(consumed)
    }

    /// A quantize node behind a dequantize node: a copy on one grid, a change of grid otherwise.
    private mutating func skip(_ index: Int, _ source: ValueID) {
        let output = result.nodes[index].outputs[0]
        if result[source].quantization == result[output].quantization, !neighbours.isOutput(output) {
            copies[output] = source
            removed.insert(index)
        } else if result[source].quantization?.axis == nil {
            result.nodes[index].inputs = [source]
        }
    }

    /// The operator with the clamp fused, or nil if it has no integer form with it.
    private func integerOperation(_ operation: any Operator, _ activation: Activation) -> (any Operator)? {
        switch operation {
        case var operation as any ActivatedOperator:
            guard let clamp = operation.activation.followed(by: activation) else { return nil }
            operation.activation = clamp
            return operation
        case is Mean, is Rectifier, is Concatenation: return activation == .none ? operation : nil
        default: return nil
        }
    }

    /// The operands as integers, or nil if one of them is real.
    private mutating func integerOperands(of node: Node) -> [ValueID]? {
        guard let axis = LayerParameters.outputAxis(of: node.operation) else {
            let sources = node.inputs.compactMap { integers[$0] }
            let isPlain = sources.allSatisfy { result[$0].quantization?.axis == nil }
            return isPlain && sources.count == node.inputs.count ? sources : nil
        }
        guard let image = integers[node.inputs[0]], let weights = integers[node.inputs[1]],
            result[weights].constant != nil, let imageGrid = result[image].quantization, imageGrid.axis == nil,
            let weightGrid = result[weights].quantization, weightGrid.axis == nil || weightGrid.axis == axis
        else { return nil }
        guard let place = node.bias else { return [image, weights] }
        let scales = weightGrid.scales.map { $0 * imageGrid.scale }
        return bias(place, of: node, scales: scales).map { [image, weights, $0] }
    }

    /// The bias in units of `scales`, or nil if it is not constant or does not fit into int32.
    private mutating func bias(_ id: ValueID, of node: Node, scales: [Float]) -> ValueID? {
        let source = integers[id] ?? id
        guard let stored = result[source].constant else { return nil }
        let constant = stored.reshaped(to: [stored.shape.elementCount])
        let grid = Quantization(
            format: .int32, scales: scales, zeroPoints: scales.map { _ in 0 }, axis: scales.count == 1 ? nil : 0)
        guard grid.fault(for: constant.shape) == nil else { return nil }
        let elements = biasElements(constant, result[source].quantization, scales: scales)
        guard let elements, let tensor = Tensor(constant.shape, integers: elements, storedAs: .int32) else {
            return nil
        }
        var (name, number) = ("\(result[source].name).quantized", 1)
        while !biasNames.insert(name).inserted {
            (name, number) = ("\(result[source].name).quantized.\(number)", number + 1)
        }
        return result.append(Value(name: name, constant: tensor, quantization: grid))
    }

    private func biasElements(_ constant: Tensor, _ known: Quantization?, scales: [Float]) -> [Int]? {
        if let known, known.zeroPoints.allSatisfy({ $0 == 0 }), known.scales.count == scales.count,
            zip(known.scales, scales).allSatisfy({ abs($0 - $1) <= 1e-4 * $1 })
        {
            return constant.integers
        }
        let reals = Operand(constant, quantization: known).reals
        let elements = reals.enumerated().map { place, real in
            (Double(real) / Double(scales[scales.count == 1 ? 0 : place])).rounded(.toNearestOrEven)
        }
        return elements.allSatisfy { abs($0) < 0x1p31 } ? elements.map { Int($0) } : nil
    }
}
