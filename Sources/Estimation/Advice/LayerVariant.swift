import Quantities
import Scheduling
import Workloads

/// A layer that differs in one attribute from the one at hand.
struct LayerVariant: Sendable {
    /// The difference, a clause.
    var change: String
    var operands: LayerOperands

    /// Every change that keeps the layer's meaning up to its accuracy.
    static func all(of operands: LayerOperands) -> [LayerVariant] {
        [
            narrowWeights(operands), narrowActivations(operands), integers(operands), bitmap(operands),
            wholeFilters(operands), halfTheFilters(operands),
        ].compactMap(\.self)
    }

    private static func narrowWeights(_ operands: LayerOperands) -> LayerVariant? {
        guard !operands.layer.isFloat, let weights = operands.layer.weights, weights.elementBits > 1 else { return nil }
        let bits = weights.elementBits / 2
        var narrow = operands
        narrow.layer.weights?.elementBits = bits
        narrow.layer.weights?.encodedSize = Bits(weights.encodedSize.count / weights.elementBits * bits)
        return LayerVariant(change: "weights of \(bits) bit", operands: narrow)
    }

    private static func narrowActivations(_ operands: LayerOperands) -> LayerVariant? {
        let bits = operands.inputBits / 2
        guard !operands.layer.isFloat, bits > 0 else { return nil }
        var narrow = operands
        for index in narrow.inputs.indices { narrow.inputs[index].elementBits /= 2 }
        for index in narrow.outputs.indices { narrow.outputs[index].elementBits /= 2 }
        return LayerVariant(change: "activations of \(bits) bit", operands: narrow)
    }

    private static func integers(_ operands: LayerOperands) -> LayerVariant? {
        guard operands.layer.isFloat, operands.layer.macs > 0 else { return nil }
        var whole = operands
        whole.layer.isFloat = false
        for index in whole.inputs.indices {
            (whole.inputs[index].elementBits, whole.inputs[index].isFloat) = (8, false)
        }
        for index in whole.outputs.indices {
            (whole.outputs[index].elementBits, whole.outputs[index].isFloat) = (8, false)
        }
        if let weights = operands.layer.weights {
            whole.layer.weights?.elementBits = 8
            whole.layer.weights?.encodedSize = Bits(weights.encodedSize.count / max(1, weights.elementBits) * 8)
        }
        return LayerVariant(change: "integers of 8 bit instead of reals", operands: whole)
    }

    private static func bitmap(_ operands: LayerOperands) -> LayerVariant? {
        guard let weights = operands.layer.weights, weights.storage == .dense, weights.density < 0.9 else { return nil }
        var sparse = operands
        sparse.layer.weights?.storage = .bitmap
        sparse.layer.weights?.storedEntries = weights.nonzeroElements
        sparse.layer.weights?.encodedSize = Bits(weights.nonzeroElements * weights.elementBits + weights.elements)
        return LayerVariant(change: "its zero weights left out, under a bitmap", operands: sparse)
    }

    private static func wholeFilters(_ operands: LayerOperands) -> LayerVariant? {
        guard let weights = operands.layer.weights, weights.density < 0.9 else { return nil }
        return filters(operands, share: weights.density).map {
            LayerVariant(change: "as many zero weights in whole filters", operands: $0)
        }
    }

    private static func halfTheFilters(_ operands: LayerOperands) -> LayerVariant? {
        filters(operands, share: 0.5).map { LayerVariant(change: "half of its filters pruned", operands: $0) }
    }

    /// The layer with a share of its filters, dense; of a depthwise layer a share of its channels.
    private static func filters(_ operands: LayerOperands, share: Double) -> LayerOperands? {
        guard operands.layer.macs > 0, let weights = operands.layer.weights else { return nil }
        var fewer = operands
        let isDepthwise = operands.layer.loops.outputChannels == 1
        let now = isDepthwise ? operands.layer.loops.groups : operands.layer.loops.outputChannels
        let kept = max(1, Int((Double(now) * share).rounded(.up)))
        guard kept < now else { return nil }
        if isDepthwise { fewer.layer.loops.groups = kept } else { fewer.layer.loops.outputChannels = kept }
        let elements = weights.elements / now * kept
        fewer.layer.weights?.elements = elements
        fewer.layer.weights?.nonzeroElements = elements
        fewer.layer.weights?.storedEntries = elements
        fewer.layer.weights?.storage = .dense
        fewer.layer.weights?.encodedSize = Bits(elements * weights.elementBits)
        return fewer
    }
}
