import FixedPoint
public import Hardware
import Quantities
import Tensors
import Workloads

extension BinaryArray: Engine {
    /// Activations packed at their width, in whole words.
    public var storage: ActivationStorage {
        ActivationStorage(isPacked: true, alignment: (wordBits + 7) / 8)
    }

    /// Passes for a layer that multiplies, a stream for the others; refuses widths that the elements lack.
    public func form(for operands: LayerOperands) -> Result<ScheduledForm, UnsupportedLayer> {
        let layer = operands.layer
        func refuse(_ reason: String) -> Result<ScheduledForm, UnsupportedLayer> {
            .failure(UnsupportedLayer(layer: layer.name, reason: reason))
        }
        switch layer.computeClass {
        case .free: return .success(ScheduledForm(.none))
        case .convolution, .depthwise, .fullyConnected:
            if layer.isFloat { return refuse("the array counts bits, and the layer computes in float") }
            let width = layer.weights?.elementBits ?? operands.inputBits
            if width > weightBits { return refuse("the array takes weights of at most \(weightBits) bits") }
            if operands.inputBits > activationBits {
                return refuse("the array takes activations of at most \(activationBits) bits")
            }
            if let sums = layer.accumulator, sums.bits > accumulatorBits {
                return refuse("the array sums in \(accumulatorBits) bits, and the layer in \(sums.bits)")
            }
            if let weights = layer.weights, weights.storage != .dense {
                return refuse("the array reads weights that are stored dense")
            }
            let passes = BinaryPasses(
                layer.loops, weightBits: max(1, width), activationBits: max(1, operands.inputBits), on: self)
            return .success(ScheduledForm(.passes(passes)))
        case .pooling, .elementwise, .transcendental, .dataMovement:
            let count = (operands.inputs + operands.outputs).reduce(0) { $0 + $1.shape.elementCount }
            return .success(ScheduledForm(.stream(elements: count)))
        }
    }
}
