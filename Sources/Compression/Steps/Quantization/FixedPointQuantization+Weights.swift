import FixedPoint
import Networks
import Quantities
import Tensors

extension FixedPointQuantization {
    /// Moves a layer's weights to a grid of integers, in the stored form that they have.
    ///
    /// - Parameter given: the network before, in which the layer has the same place.
    /// - Returns: what was decided beyond the default, a sentence each.
    func quantizeWeights(
        ofNodeAt place: Int, of result: inout CompressedNetwork, given: CompressedNetwork
    ) throws -> [String] {
        let (node, original) = (result.network.nodes[place], given.network.nodes[place])
        guard let id = original.weights else { return [] }
        let (weights, bias) = (given.network[id], given.biasReals(of: original))
        if let held = given.grids[weights.name] {
            let remarks = result.fit(nodeAt: place, weights: held.elements(of: weights), on: held, bias: bias)
            try result.quantizeParts(ofNodeAt: place, on: held)
            return remarks
        }
        if let form = try form(of: node, in: result, given: given, weights: weights, bias: bias) {
            return try form.remarks
                + result.compose(nodeAt: place, by: form.composition, on: form.grid, bias: bias)
        }
        let sharesValues = given.encodings[weights.name]?.elements == .shared
        let axis = axis(of: node, in: result, sharesValues: sharesValues)
        guard let grid = weightGrid(of: weights.reals, node: node, in: result, bias: bias, axis: axis.value) else {
            return []
        }
        return axis.remarks + result.fit(nodeAt: place, weights: grid.integers, on: grid.quantization, bias: bias)
    }

    /// A composition of integers, their grid, and what was decided, a sentence each.
    private typealias IntegerForm = (composition: WeightComposition, grid: Quantization, remarks: [String])

    /// The composition of integers that a layer's composition becomes; nil without one, or where plain integers take no more bits.
    private func form(
        of node: Node, in result: CompressedNetwork, given: CompressedNetwork, weights: Value, bias: [Double]
    ) throws -> IntegerForm? {
        guard let composition = given.compositions[weights.name], let constant = weights.constant,
            composition.composes(constant)
        else { return nil }
        let form =
            try selected(composition, of: node, in: result, weights: weights, bias: bias)
            ?? rounded(composition, of: node, in: result, weights: weights, bias: bias)
        return form.flatMap { form in
            form.composition.size.count < weights.shape.elementCount * form.grid.format.bits ? form : nil
        }
    }

    /// With stored numbers rounded, or nil where that makes no integers of this width.
    private func selected(
        _ composition: WeightComposition, of node: Node, in result: CompressedNetwork, weights: Value, bias: [Double]
    ) throws -> IntegerForm? {
        let output = result.network.outputAxis(ofWeightsOf: node)
        guard let numbers = try composition.rule.form.numbers(of: composition, shape: weights.shape, axis: output),
            NumberFormat(bits: weightBits(of: node.name, in: result), encoding: .symmetric).maximum > numbers.spare
        else { return nil }
        let axis = axis(of: node, in: result, sharesValues: numbers.channels == nil)
        guard
            let grid = weightGrid(
                of: weights.reals, node: node, in: result, bias: bias, axis: axis.value, spare: numbers.spare)?
                .quantization,
            let made = try composition.quantized(shape: weights.shape, from: weights.quantization, on: grid)
        else { return nil }
        return (made, grid, axis.remarks)
    }

    /// With elements rounded behind their rule.
    private func rounded(
        _ composition: WeightComposition, of node: Node, in result: CompressedNetwork, weights: Value, bias: [Double]
    ) throws -> IntegerForm? {
        let axis = axis(of: node, in: result, sharesValues: false)
        return try weightGrid(of: weights.reals, node: node, in: result, bias: bias, axis: axis.value).map { grid in
            (
                try composition.rounded(from: weights.quantization, on: grid.quantization), grid.quantization,
                ["layer '\(node.name)': its weights are computed from stored parts in reals, then rounded"]
            )
        }
    }

    /// The axis along which scales differ; one scale where channels share values, which is then said.
    private func axis(
        of node: Node, in compressed: CompressedNetwork, sharesValues: Bool
    ) -> (value: Int?, remarks: [String]) {
        guard weightScales == .channel else { return (nil, []) }
        guard sharesValues else { return (compressed.network.outputAxis(ofWeightsOf: node), []) }
        return (nil, ["layer '\(node.name)': one scale for its weights, since channels share stored values"])
    }
}

extension CompressedNetwork {
    /// Makes the stored numbers of a layer's composition the integers of its weights, where they are integers in reals.
    fileprivate mutating func quantizeParts(ofNodeAt place: Int, on grid: Quantization) throws {
        guard let weights = network.nodes[place].weights.map({ network[$0] }), let constant = weights.constant,
            let composition = compositions[weights.name], !composition.composes(constant)
        else { return }
        compositions[weights.name] = try composition.quantized(shape: weights.shape, from: nil, on: grid)
    }
}

extension Quantization {
    /// The integers of float elements that lie on this grid already.
    fileprivate func elements(of value: Value) -> [Int] {
        let channels = ChannelIndexing(value.shape, axis: axis)
        let reals = value.reals
        return reals.indices.map { index in
            if format.encoding == .bipolar { return reals[index] < 0 ? -1 : 1 }
            let integer = (reals[index] / Double(scales[channels.channel(of: index)])).rounded()
            return Int(min(max(integer, Double(format.minimum)), Double(format.maximum)))
        }
    }
}
