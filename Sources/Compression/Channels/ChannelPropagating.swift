import Networks
import Tensors

/// An operator that tells how channels of its operands become channels of its results.
protocol ChannelPropagating: Operator {
    /// Ties and freezes units, and names those of the node's results and parameters.
    func propagateChannels(of node: Node, in analysis: inout ChannelAnalysis)

    /// The same operator after channels left; `kept` says of each index of the result's channel axis whether it stays.
    func restricted(to kept: [Bool], axis: Int) -> Self
}

extension ChannelPropagating {
    func restricted(to kept: [Bool], axis: Int) -> Self { self }

    /// The result has the channels of the first operand on the same axis.
    fileprivate func passChannels(of node: Node, in analysis: inout ChannelAnalysis) {
        guard let channels = analysis.channels(of: node.inputs[0]) else { return analysis.isolate(node) }
        analysis.setChannels(of: node.outputs[0], axis: channels.axis, units: channels.units)
    }
}

extension Rectifier: ChannelPropagating {
    func propagateChannels(of node: Node, in analysis: inout ChannelAnalysis) { passChannels(of: node, in: &analysis) }
}

extension LeakyRectifier: ChannelPropagating {
    func propagateChannels(of node: Node, in analysis: inout ChannelAnalysis) { passChannels(of: node, in: &analysis) }
}

extension Quantize: ChannelPropagating {
    func propagateChannels(of node: Node, in analysis: inout ChannelAnalysis) { passChannels(of: node, in: &analysis) }
}

extension Dequantize: ChannelPropagating {
    func propagateChannels(of node: Node, in analysis: inout ChannelAnalysis) { passChannels(of: node, in: &analysis) }
}

extension MaxPool2D: ChannelPropagating {
    func propagateChannels(of node: Node, in analysis: inout ChannelAnalysis) { passChannels(of: node, in: &analysis) }
}

extension AveragePool2D: ChannelPropagating {
    func propagateChannels(of node: Node, in analysis: inout ChannelAnalysis) { passChannels(of: node, in: &analysis) }
}

extension PixelCopy: ChannelPropagating {
    func propagateChannels(of node: Node, in analysis: inout ChannelAnalysis) { passChannels(of: node, in: &analysis) }
}

extension BatchNormalization: ChannelPropagating {
    func propagateChannels(of node: Node, in analysis: inout ChannelAnalysis) {
        guard let channels = analysis.channels(of: node.inputs[0]),
            channels.axis == analysis.network[node.inputs[0]].shape.rank - 1
        else { return analysis.isolate(node) }
        for vector in node.inputs.dropFirst() { analysis.setChannels(ofVector: vector, units: channels.units) }
        analysis.setChannels(of: node.outputs[0], axis: channels.axis, units: channels.units)
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

extension ChannelSelection: ChannelPropagating {
    /// Channels that nobody selects stay, so that those that leave can be told from the result.
    func propagateChannels(of node: Node, in analysis: inout ChannelAnalysis) {
        guard let given = analysis.channels(of: node.inputs[0]),
            given.axis == analysis.network[node.inputs[0]].shape.rank - 1
        else { return analysis.isolate(node) }
        let unread = Set(given.units.indices).subtracting(channels)
        analysis.freeze(unread.map { given.units[$0] })
        analysis.setChannels(of: node.outputs[0], axis: given.axis, units: channels.map { given.units[$0] })
    }

    func restricted(to kept: [Bool], axis: Int) -> ChannelSelection {
        let removed = Set(zip(channels, kept).filter { !$0.1 }.map(\.0))
        return ChannelSelection(
            channels: zip(channels, kept).filter(\.1).map { channel, _ in channel - removed.count { $0 < channel } })
    }
}

extension Padding: ChannelPropagating {
    func propagateChannels(of node: Node, in analysis: inout ChannelAnalysis) {
        guard value == 0, let channels = analysis.channels(of: node.inputs[0]) else { return analysis.isolate(node) }
        let (front, back) = (
            analysis.makeUnits(before[channels.axis]), analysis.makeUnits(after[channels.axis])
        )
        analysis.setChannels(of: node.outputs[0], axis: channels.axis, units: front + channels.units + back)
    }

    func restricted(to kept: [Bool], axis: Int) -> Padding {
        var restricted = self
        restricted.before[axis] = kept.prefix(before[axis]).count { $0 }
        restricted.after[axis] = kept.suffix(after[axis]).count { $0 }
        return restricted
    }
}

extension StridedSlice: ChannelPropagating {
    func propagateChannels(of node: Node, in analysis: inout ChannelAnalysis) {
        guard let axis = analysis.channels(of: node.inputs[0])?.axis, strides[axis] == 1,
            counts[axis] == analysis.network[node.inputs[0]].shape[axis]
        else { return analysis.isolate(node) }
        passChannels(of: node, in: &analysis)
    }

    func restricted(to kept: [Bool], axis: Int) -> StridedSlice {
        var restricted = self
        restricted.counts[axis] = kept.count { $0 }
        return restricted
    }
}

extension Concatenation: ChannelPropagating {
    func propagateChannels(of node: Node, in analysis: inout ChannelAnalysis) {
        for input in node.inputs where analysis.isConstant(input) && analysis.channels(of: input) == nil {
            analysis.setFrozenChannels(of: input)
        }
        let channels = node.inputs.compactMap { analysis.channels(of: $0) }
        guard channels.count == node.inputs.count, let first = channels.first,
            channels.allSatisfy({ $0.axis == first.axis })
        else { return analysis.isolate(node) }
        if first.axis == axis {
            analysis.setChannels(of: node.outputs[0], axis: axis, units: channels.flatMap(\.units))
        } else {
            for other in channels.dropFirst() { analysis.tie(first.units, other.units) }
            analysis.setChannels(of: node.outputs[0], axis: first.axis, units: first.units)
        }
    }
}

extension Addition: ChannelPropagating {
    func propagateChannels(of node: Node, in analysis: inout ChannelAnalysis) { matchChannels(of: node, in: &analysis) }
}

extension Subtraction: ChannelPropagating {
    func propagateChannels(of node: Node, in analysis: inout ChannelAnalysis) { matchChannels(of: node, in: &analysis) }
}

extension Multiplication: ChannelPropagating {
    func propagateChannels(of node: Node, in analysis: inout ChannelAnalysis) { matchChannels(of: node, in: &analysis) }
}

extension ChannelPropagating {
    /// Operands are combined element by element: channels at the same index leave together.
    fileprivate func matchChannels(of node: Node, in analysis: inout ChannelAnalysis) {
        let rank = analysis.network[node.outputs[0]].shape.rank
        func offset(_ id: ValueID) -> Int { rank - analysis.network[id].shape.rank }
        let flows = node.inputs.filter { !analysis.isConstant($0) }
        let channels = flows.compactMap { analysis.channels(of: $0) }
        guard let lead = flows.first, let first = channels.first, channels.count == flows.count else {
            return analysis.isolate(node)
        }
        let axis = first.axis + offset(lead)
        let extent = analysis.network[node.outputs[0]].shape[axis]
        guard first.units.count == extent,
            zip(flows, channels).allSatisfy({ $1.axis + offset($0) == axis && $1.units.count == extent })
        else { return analysis.isolate(node) }
        for other in channels.dropFirst() { analysis.tie(first.units, other.units) }
        for constant in node.inputs where analysis.isConstant(constant) {
            let own = axis - offset(constant)
            if own >= 0, analysis.network[constant].shape[own] == extent {
                analysis.setChannels(of: constant, axis: own, units: first.units)
            } else {
                analysis.freeze(first.units)
            }
        }
        analysis.setChannels(of: node.outputs[0], axis: axis, units: first.units)
    }
}
