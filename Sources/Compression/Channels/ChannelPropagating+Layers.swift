import Networks
import Tensors

extension Convolution2D: ChannelPropagating {
    /// Groups stay equally large: the channels at the same place of every group leave together.
    func propagateChannels(of node: Node, in analysis: inout ChannelAnalysis) {
        let shape = analysis.network[node.inputs[1]].shape
        guard let channels = analysis.channels(of: node.inputs[0]), channels.axis == 3,
            node.inputs.dropFirst().allSatisfy({ analysis.isConstant($0) })
        else { return analysis.isolate(node) }
        let units = analysis.makeUnits(shape[0])
        let (depth, share) = (shape[3], shape[0] / groups)
        for group in 1..<max(groups, 1) {
            analysis.tie(Array(units[..<share]), Array(units[group * share..<(group + 1) * share]))
            analysis.tie(
                Array(channels.units[..<depth]), Array(channels.units[group * depth..<(group + 1) * depth]))
        }
        analysis.setChannels(of: node.inputs[1], axis: 0, units: units)
        analysis.setChannels(of: node.inputs[1], axis: 3, units: Array(channels.units[..<depth]))
        if let bias = node.bias { analysis.setChannels(ofVector: bias, units: units) }
        analysis.setChannels(of: node.outputs[0], axis: 3, units: units)
    }
}

extension PerforatedConvolution2D: ChannelPropagating {
    func propagateChannels(of node: Node, in analysis: inout ChannelAnalysis) {
        convolution.propagateChannels(of: node, in: &analysis)
    }
}

extension DepthwiseConvolution2D: ChannelPropagating {
    func propagateChannels(of node: Node, in analysis: inout ChannelAnalysis) {
        let outputs = analysis.network[node.inputs[1]].shape[3]
        guard let channels = analysis.channels(of: node.inputs[0]), channels.axis == 3,
            node.inputs.dropFirst().allSatisfy({ analysis.isConstant($0) })
        else { return analysis.isolate(node) }
        let multiplier = outputs / channels.units.count
        let units = (0..<outputs).map { channels.units[$0 / multiplier] }
        analysis.setChannels(of: node.inputs[1], axis: 3, units: units)
        if let bias = node.bias { analysis.setChannels(ofVector: bias, units: units) }
        analysis.setChannels(of: node.outputs[0], axis: 3, units: units)
    }
}

extension FullyConnected: ChannelPropagating {
    func propagateChannels(of node: Node, in analysis: inout ChannelAnalysis) {
        let (image, weights) = (analysis.network[node.inputs[0]].shape, analysis.network[node.inputs[1]].shape)
        guard let channels = analysis.channels(of: node.inputs[0]),
            node.inputs.dropFirst().allSatisfy({ analysis.isConstant($0) })
        else { return analysis.isolate(node) }
        let (extent, inner) = (channels.units.count, image.stride(ofAxis: channels.axis))
        guard weights[1] % (extent * inner) == 0 || weights[1] == image.elementCount else {
            return analysis.isolate(node)
        }
        let columns = (0..<weights[1]).map { channels.units[$0 / inner % extent] }
        let units = analysis.makeUnits(weights[0])
        analysis.setChannels(of: node.inputs[1], axis: 0, units: units)
        analysis.setChannels(of: node.inputs[1], axis: 1, units: columns)
        if let bias = node.bias { analysis.setChannels(ofVector: bias, units: units) }
        analysis.setChannels(of: node.outputs[0], axis: 1, units: units)
    }
}

extension Reshape: ChannelPropagating {
    /// Channels go to the axis of the result whose index determines them, or that they determine.
    func propagateChannels(of node: Node, in analysis: inout ChannelAnalysis) {
        let image = analysis.network[node.inputs[0]].shape
        guard let channels = analysis.channels(of: node.inputs[0]) else { return analysis.isolate(node) }
        let (extent, inner) = (channels.units.count, image.stride(ofAxis: channels.axis))
        for axis in (0..<shape.rank).reversed() where inner % max(shape.stride(ofAxis: axis), 1) == 0 {
            let (width, step) = (shape[axis], shape.stride(ofAxis: axis))
            if width * step % (extent * inner) == 0 {
                let units = (0..<width).map { channels.units[$0 * step / inner % extent] }
                return analysis.setChannels(of: node.outputs[0], axis: axis, units: units)
            }
            if step == inner, extent % width == 0, width > 1 {
                for index in 0..<extent { analysis.tie(channels.units[index], channels.units[index % width]) }
                let units = Array(channels.units[..<width])
                return analysis.setChannels(of: node.outputs[0], axis: axis, units: units)
            }
        }
        analysis.isolate(node)
    }

    func restricted(to kept: [Bool], axis: Int) -> Reshape {
        var extents = shape.extents
        extents[axis] = kept.count { $0 }
        return Reshape(shape: Shape(extents))
    }
}

extension Softmax: ChannelPropagating {
    /// Every element of a row depends on all, so none may leave.
    func propagateChannels(of node: Node, in analysis: inout ChannelAnalysis) { analysis.isolate(node) }
}

extension Shape {
    /// Elements between two neighbours along an axis.
    fileprivate func stride(ofAxis axis: Int) -> Int {
        extents[(axis + 1)...].reduce(1, *)
    }
}
