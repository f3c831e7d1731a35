public import Hardware
import Quantities
import Workloads

extension SystolicArray: Engine {
    /// Activations packed at their width, in bursts.
    public var storage: ActivationStorage { ActivationStorage(isPacked: true, alignment: burst.count) }

    /// The folds of a layer that multiplies, a stream for the others; refuses what the cells cannot compute.
    public func form(for operands: LayerOperands) -> Result<ScheduledForm, UnsupportedLayer> {
        let widths = OperandWidths(
            weightBits: weightBits, activationBits: activationBits, accumulatorBits: accumulatorBits)
        return widths.form(for: operands) {
            .folds(SystolicFolds(operands.layer.loops, rows: rows, columns: columns, dataflow: dataflow))
        }
    }
}
