import Networks
import Tensors

/// An operator that tells how channels of its operands become channels of its results.
protocol ChannelPropagating: Operator {
    /// Ties and freezes units, and names those of the node's results and parameters.
    func propagateChannels(of node: Node, in analysis: inout ChannelAnalysis)

    /// The same operator after channels left its first operand or its result.
    func restricted(to cut: ChannelCut) -> Self
}

extension ChannelPropagating {
    func restricted(to cut: ChannelCut) -> Self { self }

    /// The result has the channels of the first operand on the same axis, which must be one of `axes` if they are given.
    func passChannels(of node: Node, along axes: [Int]? = nil, in analysis: inout ChannelAnalysis) {
        guard let channels = analysis.channels(of: node.inputs[0]), axes?.contains(channels.axis) ?? true else {
            return analysis.isolate(node)
        }
        analysis.setChannels(of: node.outputs[0], axis: channels.axis, units: channels.units)
        for other in node.outputs.dropFirst() { analysis.setFrozenChannels(of: other) }
    }

    /// As `passChannels`, for an operator whose results along the innermost axis depend on each other: that axis must stay.
    func passOuterChannels(of node: Node, in analysis: inout ChannelAnalysis) {
        let innermost = analysis.network[node.inputs[0]].shape.rank - 1
        passChannels(of: node, along: Array(0..<max(innermost, 0)), in: &analysis)
    }

    /// Operands are combined element by element, broadcast where an extent is 1: channels at the same index leave together.
    func matchChannels(of node: Node, in analysis: inout ChannelAnalysis) {
        let result = analysis.network[node.outputs[0]].shape
        func offset(_ id: ValueID) -> Int { result.rank - analysis.network[id].shape.rank }
        let flows = node.inputs.filter { !analysis.isConstant($0) }
        let candidates = flows.compactMap { id in
            analysis.channels(of: id).map { ChannelAnalysis.Slice(axis: $0.axis + offset(id), units: $0.units) }
        }
        guard let lead = candidates.first(where: { result[$0.axis] == $0.units.count }) else {
            return analysis.isolate(node)
        }
        for id in node.inputs {
            let (own, shape) = (lead.axis - offset(id), analysis.network[id].shape)
            let isWhole = own >= 0 && shape[own] == lead.units.count
            if analysis.isConstant(id) {
                if isWhole { analysis.setChannels(of: id, axis: own, units: lead.units) }
                analysis.freeze(constant: id, besides: isWhole ? own : nil)
            } else if let channels = analysis.channels(of: id), isWhole {
                guard channels.axis == own else { return analysis.isolate(node) }
                analysis.tie(lead.units, channels.units)
            } else {
                analysis.freeze(channelsOf: id)
            }
        }
        analysis.setChannels(of: node.outputs[0], axis: lead.axis, units: lead.units)
    }
}

extension ChannelPropagating where Self: ElementMap {
    func propagateChannels(of node: Node, in analysis: inout ChannelAnalysis) { passChannels(of: node, in: &analysis) }
}

extension Shape {
    /// Elements between two neighbours along an axis.
    func stride(ofAxis axis: Int) -> Int {
        extents[(axis + 1)...].reduce(1, *)
    }
}
