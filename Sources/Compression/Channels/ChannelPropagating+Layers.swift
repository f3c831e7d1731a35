import Networks
import Tensors

extension Convolution2D: ChannelPropagating {
    /// Groups stay equally large: the channels at the same place of every group leave together; a group of one input channel
    /// leaves as a whole.
    func propagateChannels(of node: Node, in analysis: inout ChannelAnalysis) {
        let shape = analysis.network[node.inputs[1]].shape
        guard node.inputs.dropFirst().allSatisfy({ analysis.isConstant($0) }) else { return analysis.isolate(node) }
        let channels = analysis.summedChannels(of: node.inputs[0], axis: 3)
        let (depth, share) = (shape[3], shape[0] / groups)
        guard depth > 1 || groups == 1 else {
            return scaleChannels(channels, by: share, axis: 0, of: node, in: &analysis)
        }
        let units = analysis.makeUnits(shape[0])
        for group in 1..<max(groups, 1) {
            analysis.tie(Array(units[..<share]), Array(units[group * share..<(group + 1) * share]))
            analysis.tie(
                Array(channels[..<depth]), Array(channels[group * depth..<(group + 1) * depth]))
        }
        analysis.setChannels(of: node.inputs[1], axis: 0, units: units)
        analysis.setChannels(
            of: node.inputs[1], axis: 3, units: Array(channels[..<depth]), isSummed: true)
        if let bias = node.bias { analysis.setChannels(ofVector: bias, units: units) }
        analysis.setChannels(of: node.outputs[0], axis: 3, units: units)
    }

    func restricted(to cut: ChannelCut) -> Convolution2D {
        guard let operand = cut.operand, groups == operand.kept.count else { return self }
        var restricted = self
        restricted.groups = operand.count
        return restricted
    }
}

extension PerforatedConvolution2D: ChannelPropagating {
    func propagateChannels(of node: Node, in analysis: inout ChannelAnalysis) {
        convolution.propagateChannels(of: node, in: &analysis)
    }

    func restricted(to cut: ChannelCut) -> PerforatedConvolution2D {
        var restricted = self
        restricted.convolution = convolution.restricted(to: cut)
        return restricted
    }
}

extension DepthwiseConvolution2D: ChannelPropagating {
    func propagateChannels(of node: Node, in analysis: inout ChannelAnalysis) {
        let outputs = analysis.network[node.inputs[1]].shape[3]
        guard let channels = analysis.channels(of: node.inputs[0]), channels.axis == 3,
            node.inputs.dropFirst().allSatisfy({ analysis.isConstant($0) })
        else { return analysis.isolate(node) }
        scaleChannels(channels.units, by: outputs / channels.units.count, axis: 3, of: node, in: &analysis)
    }
}

extension FullyConnected: ChannelPropagating {
    func propagateChannels(of node: Node, in analysis: inout ChannelAnalysis) {
        let (image, weights) = (analysis.network[node.inputs[0]].shape, analysis.network[node.inputs[1]].shape)
        guard node.inputs.dropFirst().allSatisfy({ analysis.isConstant($0) }) else { return analysis.isolate(node) }
        var columns: [Int]?
        if let channels = analysis.channels(of: node.inputs[0]) {
            let (extent, inner) = (channels.units.count, image.stride(ofAxis: channels.axis))
            if weights[1] % (extent * inner) == 0 || weights[1] == image.elementCount {
                columns = (0..<weights[1]).map { channels.units[$0 / inner % extent] }
            }
        }
        if columns == nil { analysis.freeze(channelsOf: node.inputs[0]) }
        let units = analysis.makeUnits(weights[0])
        analysis.setChannels(of: node.inputs[1], axis: 0, units: units)
        analysis.setChannels(
            of: node.inputs[1], axis: 1,
            units: columns ?? analysis.makeUnits(weights[1], isFrozen: true), isSummed: true)
        if let bias = node.bias { analysis.setChannels(ofVector: bias, units: units) }
        analysis.setChannels(of: node.outputs[0], axis: 1, units: units)
    }
}

extension TransposedConvolution2D: ChannelPropagating {
    func propagateChannels(of node: Node, in analysis: inout ChannelAnalysis) {
        guard node.inputs.dropFirst().allSatisfy({ analysis.isConstant($0) }) else { return analysis.isolate(node) }
        let channels = analysis.summedChannels(of: node.inputs[0], axis: 3)
        let units = analysis.makeUnits(analysis.network[node.inputs[1]].shape[0])
        analysis.setChannels(of: node.inputs[1], axis: 0, units: units)
        analysis.setChannels(of: node.inputs[1], axis: 3, units: channels, isSummed: true)
        if let bias = node.bias { analysis.setChannels(ofVector: bias, units: units) }
        analysis.setChannels(of: node.outputs[0], axis: 3, units: units)
    }
}

extension MatrixProduct: ChannelPropagating {
    /// Of rows of activations with one constant matrix; columns of the product are units of their own.
    func propagateChannels(of node: Node, in analysis: inout ChannelAnalysis) {
        let (left, right) = (analysis.network[node.inputs[0]].shape, analysis.network[node.inputs[1]].shape)
        guard analysis.isConstant(node.inputs[1]), right.rank == 2 else { return analysis.isolate(node) }
        let channels = analysis.summedChannels(of: node.inputs[0], axis: left.rank - 1)
        let units = analysis.makeUnits(right[1])
        analysis.setChannels(of: node.inputs[1], axis: 0, units: channels, isSummed: true)
        analysis.setChannels(of: node.inputs[1], axis: 1, units: units)
        analysis.setChannels(of: node.outputs[0], axis: left.rank - 1, units: units)
    }
}

extension ChannelPropagating {
    /// Each channel of an image has `multiplier` filters of its own, along an axis of the weights.
    fileprivate func scaleChannels(
        _ channels: [Int], by multiplier: Int, axis: Int, of node: Node, in analysis: inout ChannelAnalysis
    ) {
        let units = channels.flatMap { [Int](repeating: $0, count: multiplier) }
        analysis.setChannels(of: node.inputs[1], axis: axis, units: units)
        if let bias = node.bias { analysis.setChannels(ofVector: bias, units: units) }
        analysis.setChannels(of: node.outputs[0], axis: 3, units: units)
    }
}
