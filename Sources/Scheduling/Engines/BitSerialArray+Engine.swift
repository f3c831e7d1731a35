public import Hardware
import Quantities
import Tensors
import Workloads

extension BitSerialArray: Engine {
    /// Activations packed at their width.
    public var storage: ActivationStorage { ActivationStorage(isPacked: true, alignment: 1) }

    /// The passes of a layer that multiplies, a stream for the others.
    public func form(for operands: LayerOperands) -> Result<ScheduledForm, UnsupportedLayer> {
        switch operands.layer.computeClass {
        case .free:
            return .success(ScheduledForm(.none))
        case .convolution, .depthwise, .fullyConnected:
            let widths = OperandWidths(
                weightBits: weightBits, activationBits: activationBits, accumulatorBits: accumulatorBits)
            if let objection = widths.objection(to: operands) { return .failure(objection) }
            return .success(ScheduledForm(.bitPasses(BitPasses(operands, on: self))))
        case .pooling, .elementwise, .transcendental, .dataMovement:
            return .success(ScheduledForm(.stream(elements: operands.streamedElements)))
        }
    }
}
