import FixedPoint
import Quantities
import Tensors
import Workloads

/// The widest operands that an integer machine multiplies and sums.
struct OperandWidths {
    var weightBits: Bits
    var activationBits: Bits
    var accumulatorBits: Bits

    /// The form of a layer on an array: that of its products, a stream where it has none, nothing for a view.
    func form(
        for operands: LayerOperands, products: () -> Schedule.Form
    ) -> Result<ScheduledForm, UnsupportedLayer> {
        switch operands.layer.computeClass {
        case .free:
            return .success(ScheduledForm(.none))
        case .convolution, .depthwise, .fullyConnected:
            if let objection = objection(to: operands) { return .failure(objection) }
            return .success(ScheduledForm(products()))
        case .pooling, .elementwise, .transcendental, .dataMovement:
            return .success(ScheduledForm(.stream(elements: operands.streamedElements)))
        }
    }

    /// Why the machine cannot compute the products of a layer; nil when it can.
    func objection(to operands: LayerOperands) -> UnsupportedLayer? {
        let layer = operands.layer
        func refuse(_ reason: String) -> UnsupportedLayer { UnsupportedLayer(layer: layer.name, reason: reason) }
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
        return nil
    }
}

extension LayerOperands {
    /// Elements that a layer without products reads and writes.
    var streamedElements: Int {
        (inputs + outputs).reduce(0) { $0 + $1.shape.elementCount }
    }
}
