import Networks
import Tensors

extension MaxPool2D: ChannelPropagating {
    func propagateChannels(of node: Node, in analysis: inout ChannelAnalysis) {
        passChannels(of: node, along: [3], in: &analysis)
    }
}

extension AveragePool2D: ChannelPropagating {
    func propagateChannels(of node: Node, in analysis: inout ChannelAnalysis) {
        passChannels(of: node, along: [3], in: &analysis)
    }
}

extension PixelCopy: ChannelPropagating {
    func propagateChannels(of node: Node, in analysis: inout ChannelAnalysis) {
        passChannels(of: node, along: [3], in: &analysis)
    }
}

extension ChannelSelection: ChannelPropagating {
    func propagateChannels(of node: Node, in analysis: inout ChannelAnalysis) {
        guard let given = analysis.channels(of: node.inputs[0]),
            given.axis == analysis.network[node.inputs[0]].shape.rank - 1
        else { return analysis.isolate(node) }
        analysis.setChannels(of: node.outputs[0], axis: given.axis, units: channels.map { given.units[$0] })
    }

    func restricted(to cut: ChannelCut) -> ChannelSelection {
        guard let operand = cut.operand else { return self }
        return ChannelSelection(
            channels: zip(channels, cut.result.kept).filter(\.1).map { channel, _ in
                operand.kept.prefix(channel).count { $0 }
            })
    }
}

extension BilinearResize: ChannelPropagating {
    func propagateChannels(of node: Node, in analysis: inout ChannelAnalysis) {
        passChannels(of: node, along: [3], in: &analysis)
    }
}

extension NearestResize: ChannelPropagating {
    func propagateChannels(of node: Node, in analysis: inout ChannelAnalysis) {
        passChannels(of: node, along: [3], in: &analysis)
    }
}

extension Transpose: ChannelPropagating {
    func propagateChannels(of node: Node, in analysis: inout ChannelAnalysis) {
        guard let channels = analysis.channels(of: node.inputs[0]),
            let axis = permutation.firstIndex(of: channels.axis)
        else { return analysis.isolate(node) }
        analysis.setChannels(of: node.outputs[0], axis: axis, units: channels.units)
    }
}

extension Mean: ChannelPropagating {
    func propagateChannels(of node: Node, in analysis: inout ChannelAnalysis) {
        guard let channels = analysis.channels(of: node.inputs[0]), !axes.contains(channels.axis) else {
            return analysis.isolate(node)
        }
        let axis = keepsAxes ? channels.axis : channels.axis - axes.filter { $0 < channels.axis }.count
        analysis.setChannels(of: node.outputs[0], axis: axis, units: channels.units)
    }
}

extension Padding: ChannelPropagating {
    /// Channels of padding are units of their own; those of another value than 0 must stay.
    func propagateChannels(of node: Node, in analysis: inout ChannelAnalysis) {
        guard let channels = analysis.channels(of: node.inputs[0]) else { return analysis.isolate(node) }
        let axis = channels.axis
        let front = analysis.makeUnits(before[axis], isFrozen: value != 0)
        let back = analysis.makeUnits(after[axis], isFrozen: value != 0)
        analysis.setChannels(of: node.outputs[0], axis: axis, units: front + channels.units + back)
    }

    func restricted(to cut: ChannelCut) -> Padding {
        var restricted = self
        let axis = cut.result.axis
        restricted.before[axis] = cut.result.kept.prefix(before[axis]).count { $0 }
        restricted.after[axis] = cut.result.kept.suffix(after[axis]).count { $0 }
        return restricted
    }
}

extension StridedSlice: ChannelPropagating {
    /// Steps stay equally long: channels from one that is taken to the next leave together.
    func propagateChannels(of node: Node, in analysis: inout ChannelAnalysis) {
        guard let channels = analysis.channels(of: node.inputs[0]) else { return analysis.isolate(node) }
        let axis = channels.axis
        let taken = (0..<counts[axis]).map { starts[axis] + $0 * strides[axis] }
        for place in taken.dropLast() {
            for skipped in place + 1..<place + strides[axis] {
                analysis.tie(channels.units[place], channels.units[skipped])
            }
        }
        analysis.setChannels(of: node.outputs[0], axis: axis, units: taken.map { channels.units[$0] })
    }

    func restricted(to cut: ChannelCut) -> StridedSlice {
        var restricted = self
        let axis = cut.result.axis
        restricted.counts[axis] = cut.result.count
        if let operand = cut.operand { restricted.starts[axis] = operand.kept.prefix(starts[axis]).count { $0 } }
        return restricted
    }
}

extension Concatenation: ChannelPropagating {
    /// Constants among the operands must stay; but zeros are padding, whose channels are units of their own.
    func propagateChannels(of node: Node, in analysis: inout ChannelAnalysis) {
        let flows = node.inputs.filter { !analysis.isConstant($0) }
        let channels = flows.compactMap { analysis.channels(of: $0) }
        guard let first = channels.first, channels.count == flows.count,
            channels.allSatisfy({ $0.axis == first.axis })
        else { return analysis.isolate(node) }
        for input in node.inputs where analysis.isConstant(input) {
            let isPadding = first.axis == axis && analysis.network[input].reals.allSatisfy { $0 == 0 }
            if isPadding {
                let units = analysis.makeUnits(analysis.network[input].shape[axis])
                analysis.setChannels(of: input, axis: axis, units: units)
            }
            analysis.freeze(constant: input, besides: isPadding ? axis : nil)
        }
        let slices = node.inputs.compactMap { id in analysis.slices[id]?.first { $0.axis == first.axis } }
        guard first.axis != axis else {
            return analysis.setChannels(of: node.outputs[0], axis: axis, units: slices.flatMap(\.units))
        }
        for other in slices { analysis.tie(first.units, other.units) }
        analysis.setChannels(of: node.outputs[0], axis: first.axis, units: first.units)
    }
}

extension Reshape: ChannelPropagating {
    /// Channels go to the axis of the result whose index determines them, or that they determine.
    func propagateChannels(of node: Node, in analysis: inout ChannelAnalysis) {
        let image = analysis.network[node.inputs[0]].shape
        guard let channels = analysis.channels(of: node.inputs[0]) else { return analysis.isolate(node) }
        for other in node.inputs.dropFirst() where analysis.isConstant(other) { analysis.freeze(constant: other) }
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

    func restricted(to cut: ChannelCut) -> Reshape {
        var extents = shape.extents
        extents[cut.result.axis] = cut.result.count
        return Reshape(shape: Shape(extents))
    }
}
