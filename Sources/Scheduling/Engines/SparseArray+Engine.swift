public import Hardware
import Quantities
import Workloads

extension SparseArray: Engine {
    /// Activations packed at their width.
    public var storage: ActivationStorage { ActivationStorage(isPacked: true, alignment: 1) }

    /// The products that are left of a layer that multiplies, a stream for the others.
    public func form(for operands: LayerOperands) -> Result<ScheduledForm, UnsupportedLayer> {
        let widths = OperandWidths(
            weightBits: weightBits, activationBits: activationBits, accumulatorBits: accumulatorBits)
        return widths.form(for: operands) {
            .skipping(SkippingRun(operands, on: self))
        }
    }
}
