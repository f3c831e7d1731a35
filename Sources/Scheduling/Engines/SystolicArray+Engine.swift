import FixedPoint
public import Hardware
import Quantities
import Tensors
import Workloads

extension SystolicArray: Engine {
    /// Activations packed at their width, in bursts.
    public var storage: ActivationStorage { ActivationStorage(isPacked: true, alignment: burst.count) }

    /// The folds of a layer that multiplies, a stream for the others; refuses what the cells cannot compute.
    public func form(for operands: LayerOperands) -> Result<ScheduledForm, UnsupportedLayer> {
        let layer = operands.layer
        func refuse(_ reason: String) -> Result<ScheduledForm, UnsupportedLayer> {
            .failure(UnsupportedLayer(layer: layer.name, reason: reason))
        }
        switch layer.computeClass {
        case .free:
            return .success(ScheduledForm(.none))
        case .convolution, .depthwise, .fullyConnected:
            if layer.isFloat { return refuse("the array multiplies integers only, and the layer computes in float") }
            if operands.inputBits > activationBits.count {
                return refuse("the array multiplies activations of at most \(activationBits.count) bits")
            }
            if let weights = layer.weights, weights.elementBits > weightBits.count {
                return refuse("the array multiplies weights of at most \(weightBits.count) bits")
            }
            if let sums = layer.accumulator, sums.bits > accumulatorBits.count {
                return refuse("the array sums in \(accumulatorBits.count) bits, and the layer in \(sums.bits)")
            }
            return .success(
                ScheduledForm(
                    .folds(SystolicFolds(layer.loops, rows: rows, columns: columns, dataflow: dataflow))))
        case .pooling, .elementwise, .transcendental, .dataMovement:
            let elements = (operands.inputs + operands.outputs).reduce(0) { $0 + $1.shape.elementCount }
            return .success(ScheduledForm(.stream(elements: elements)))
        }
    }
}
