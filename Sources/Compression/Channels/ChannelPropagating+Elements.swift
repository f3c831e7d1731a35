import Networks
import Tensors

extension Rectifier: ChannelPropagating {}
extension LeakyRectifier: ChannelPropagating {}
extension Sigmoid: ChannelPropagating {}
extension HardSwish: ChannelPropagating {}
extension HyperbolicTangent: ChannelPropagating {}

extension Quantize: ChannelPropagating {
    func propagateChannels(of node: Node, in analysis: inout ChannelAnalysis) { passChannels(of: node, in: &analysis) }
}

extension Dequantize: ChannelPropagating {
    func propagateChannels(of node: Node, in analysis: inout ChannelAnalysis) { passChannels(of: node, in: &analysis) }
}

extension RealConversion: ChannelPropagating {
    func propagateChannels(of node: Node, in analysis: inout ChannelAnalysis) { passChannels(of: node, in: &analysis) }
}

extension Reinterpretation: ChannelPropagating {
    func propagateChannels(of node: Node, in analysis: inout ChannelAnalysis) { passChannels(of: node, in: &analysis) }
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

extension ParametricRectifier: ChannelPropagating {
    func propagateChannels(of node: Node, in analysis: inout ChannelAnalysis) { matchChannels(of: node, in: &analysis) }
}

extension IntegerQuantization: ChannelPropagating {
    func propagateChannels(of node: Node, in analysis: inout ChannelAnalysis) { matchChannels(of: node, in: &analysis) }
}

extension FloatQuantization: ChannelPropagating {
    func propagateChannels(of node: Node, in analysis: inout ChannelAnalysis) { matchChannels(of: node, in: &analysis) }
}

extension BipolarQuantization: ChannelPropagating {
    func propagateChannels(of node: Node, in analysis: inout ChannelAnalysis) { matchChannels(of: node, in: &analysis) }
}

extension Truncation: ChannelPropagating {
    func propagateChannels(of node: Node, in analysis: inout ChannelAnalysis) { matchChannels(of: node, in: &analysis) }
}

extension Softmax: ChannelPropagating {
    func propagateChannels(of node: Node, in analysis: inout ChannelAnalysis) {
        passOuterChannels(of: node, in: &analysis)
    }
}

extension LogSoftmax: ChannelPropagating {
    func propagateChannels(of node: Node, in analysis: inout ChannelAnalysis) {
        passOuterChannels(of: node, in: &analysis)
    }
}

extension LocalResponseNormalization: ChannelPropagating {
    func propagateChannels(of node: Node, in analysis: inout ChannelAnalysis) {
        passOuterChannels(of: node, in: &analysis)
    }
}

extension BatchNormalization: ChannelPropagating {
    func propagateChannels(of node: Node, in analysis: inout ChannelAnalysis) {
        passScaledChannels(of: node, in: &analysis)
    }
}

extension ChannelScaling: ChannelPropagating {
    func propagateChannels(of node: Node, in analysis: inout ChannelAnalysis) {
        passScaledChannels(of: node, in: &analysis)
    }
}

extension Thresholds: ChannelPropagating {
    func propagateChannels(of node: Node, in analysis: inout ChannelAnalysis) {
        passThresholds(of: node, along: axis, in: &analysis)
    }
}

extension MultiThreshold: ChannelPropagating {
    func propagateChannels(of node: Node, in analysis: inout ChannelAnalysis) {
        passThresholds(of: node, along: channelAxis, in: &analysis)
    }
}

extension ChannelPropagating {
    /// Parameters are vectors with an element for each index of the innermost axis.
    fileprivate func passScaledChannels(of node: Node, in analysis: inout ChannelAnalysis) {
        let innermost = analysis.network[node.inputs[0]].shape.rank - 1
        guard let channels = analysis.channels(of: node.inputs[0]), channels.axis == innermost else {
            return analysis.isolate(node)
        }
        for vector in node.inputs.dropFirst() { analysis.setChannels(ofVector: vector, units: channels.units) }
        analysis.setChannels(of: node.outputs[0], axis: channels.axis, units: channels.units)
    }

    /// The second operand has a row of thresholds for each index along `axis`, or one row for all.
    fileprivate func passThresholds(of node: Node, along axis: Int, in analysis: inout ChannelAnalysis) {
        guard let channels = analysis.channels(of: node.inputs[0]), analysis.isConstant(node.inputs[1]) else {
            return analysis.isolate(node)
        }
        let isSliced = axis == channels.axis && analysis.network[node.inputs[1]].shape[0] > 1
        if isSliced { analysis.setChannels(of: node.inputs[1], axis: 0, units: channels.units) }
        analysis.freeze(constant: node.inputs[1], besides: isSliced ? 0 : nil)
        analysis.setChannels(of: node.outputs[0], axis: channels.axis, units: channels.units)
    }
}
