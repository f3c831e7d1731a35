import Networks
import Tensors

/// An operator other than a proportional one that tells how alike its channels are.
protocol GramPropagating: Operator {
    /// The inner products of the channels of the result; nil when they do not follow from those of the operands.
    func gram(of node: Node, in grams: ChannelGrams) -> Matrix?
}

extension GramPropagating {
    /// Channels are moved as they are.
    func gram(of node: Node, in grams: ChannelGrams) -> Matrix? { grams[node.inputs[0]] }

    /// Each channel has filters of its own over all channels of the operand, or over its own one.
    fileprivate func layerGram(of node: Node, activation: Activation, in grams: ChannelGrams) -> Matrix? {
        guard activation.keepsProportions, node.inputs.count > 1 else { return nil }
        var gram = grams.gram(ofConstant: node.inputs[1])
        let isSummed = grams.analysis.slices[node.inputs[1]]?.contains(where: \.isSummed) ?? false
        if !isSummed {
            guard let given = grams[node.inputs[0]] else { return nil }
            gram = gram.multiplied(by: given)
        }
        return node.inputs.dropFirst(2).reduce(gram) { $0.plus(grams.gram(ofConstant: $1)) }
    }

    /// The inner products of every operand; nil when a flow among them has none.
    fileprivate func operands(of node: Node, in grams: ChannelGrams) -> [Matrix]? {
        let found = node.inputs.map { grams.analysis.isConstant($0) ? grams.gram(ofConstant: $0) : grams[$0] }
        return found.contains(nil) ? nil : found.compactMap { $0 }
    }

    /// Channels are added to each other.
    fileprivate func sumGram(of node: Node, activation: Activation, in grams: ChannelGrams) -> Matrix? {
        guard activation.keepsProportions, let operands = operands(of: node, in: grams) else { return nil }
        return operands.dropFirst().reduce(operands[0]) { $0.plus($1) }
    }
}

extension Convolution2D: GramPropagating {
    func gram(of node: Node, in grams: ChannelGrams) -> Matrix? {
        layerGram(of: node, activation: activation, in: grams)
    }
}

extension PerforatedConvolution2D: GramPropagating {
    func gram(of node: Node, in grams: ChannelGrams) -> Matrix? {
        layerGram(of: node, activation: convolution.activation, in: grams)
    }
}

extension DepthwiseConvolution2D: GramPropagating {
    func gram(of node: Node, in grams: ChannelGrams) -> Matrix? {
        layerGram(of: node, activation: activation, in: grams)
    }
}

extension TransposedConvolution2D: GramPropagating {
    func gram(of node: Node, in grams: ChannelGrams) -> Matrix? {
        layerGram(of: node, activation: activation, in: grams)
    }
}

extension FullyConnected: GramPropagating {
    func gram(of node: Node, in grams: ChannelGrams) -> Matrix? {
        layerGram(of: node, activation: activation, in: grams)
    }
}

extension MatrixProduct: GramPropagating {
    func gram(of node: Node, in grams: ChannelGrams) -> Matrix? { layerGram(of: node, activation: .none, in: grams) }
}

extension Addition: GramPropagating {
    func gram(of node: Node, in grams: ChannelGrams) -> Matrix? { sumGram(of: node, activation: activation, in: grams) }
}

extension Subtraction: GramPropagating {
    func gram(of node: Node, in grams: ChannelGrams) -> Matrix? { sumGram(of: node, activation: activation, in: grams) }
}

extension Multiplication: GramPropagating {
    func gram(of node: Node, in grams: ChannelGrams) -> Matrix? {
        guard activation.keepsProportions, let operands = operands(of: node, in: grams) else { return nil }
        return operands.dropFirst().reduce(operands[0]) { $0.multiplied(by: $1) }
    }
}

extension Concatenation: GramPropagating {
    func gram(of node: Node, in grams: ChannelGrams) -> Matrix? { sumGram(of: node, activation: .none, in: grams) }
}

extension Padding: GramPropagating {
    /// Channels of padding are zeros.
    func gram(of node: Node, in grams: ChannelGrams) -> Matrix? { value == 0 ? grams[node.inputs[0]] : nil }
}

extension StridedSlice: GramPropagating {}
extension ChannelSelection: GramPropagating {}
extension Transpose: GramPropagating {}
extension PixelCopy: GramPropagating {}
extension NearestResize: GramPropagating {}
extension BilinearResize: GramPropagating {}
