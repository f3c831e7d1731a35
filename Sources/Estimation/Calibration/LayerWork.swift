import Hardware
import Quantities
import Scheduling
import Tensors
import Workloads

/// The work of one layer by class, whatever the machine: what costs of a measured runtime library multiply.
struct LayerWork: Sendable, Hashable {
    /// Amounts by `WorkClass.position`; lanes beyond the classes are 0.
    var amounts = SIMD16<Double>()
    /// Bytes of weights and parameters that the layer reads.
    var weightBytes = 0.0
    /// Multiply-accumulates that are executed.
    var macs = 0.0

    /// - Parameter dropsDeadChannels: whether channels that never change are left out.
    init(of operands: LayerOperands, dropsDeadChannels: Bool) {
        let layer = operands.layer
        guard let main = layer.mainWork else { return }
        let live = layer.liveFractions(dropsDeadChannels)
        amounts[WorkClass.call.position] = 1
        guard layer.computeClass.multipliesWeights else {
            let elements = operands.outputs.reduce(0) { $0 + $1.shape.elementCount }
            let reduced = layer.computeClass == .pooling ? layer.loops.multiplications : elements
            amounts[WorkClass.element.position] = Double(reduced) * live.outputs
            return
        }
        let loops = layer.loops
        let outputs = Double(loops.outputElements) * live.outputs
        let fed = layer.computeClass == .depthwise ? 1 : live.inputs
        macs = Double(loops.multiplications) * live.outputs * fed
        amounts[main.position] = macs
        amounts[WorkClass.output.position] = outputs
        if main == .spatial || main == .shallow {
            let pixels = Double(loops.batch) * Double(loops.outputHeight) * Double(loops.outputWidth)
            let window = Double(loops.groups) * Double(loops.reductionLength)
            amounts[WorkClass.gathered.position] = pixels * window * live.inputs
        }
        guard let weights = layer.weights else { return }
        weightBytes =
            Double(weights.encodedSize.bytes.count) * live.outputs * fed
            + Double(weights.parameterSize.bytes.count) * live.outputs
    }
}

extension WorkloadLayer {
    /// Shares of a layer's input and output channels that are executed, 0...1.
    fileprivate func liveFractions(_ dropsDeadChannels: Bool) -> (inputs: Double, outputs: Double) {
        guard dropsDeadChannels, let live = liveChannels else { return (1, 1) }
        let inputs = loops.groups * loops.inputChannels
        let outputs = loops.groups * loops.outputChannels
        switch computeClass {
        case .convolution, .depthwise, .fullyConnected:
            return (share(live.inputs, of: inputs), share(live.outputs, of: outputs))
        case .pooling: return (1, share(live.outputs, of: outputs))
        case .elementwise, .transcendental, .dataMovement, .free: return (1, 1)
        }
    }

    private func share(_ part: Int, of whole: Int) -> Double {
        whole > 0 ? min(1, Double(part) / Double(whole)) : 1
    }
}
