import FixedPoint
public import Hardware
import Quantities
import Tensors
import Workloads

extension NeuralProcessor: Engine {
    /// Activations in whole bytes, tensors at multiples of 16 bytes.
    public var storage: ActivationStorage { ActivationStorage(isPacked: false, alignment: 16) }

    /// The blocks of a layer; refuses what the engine cannot multiply and what fits no block.
    ///
    /// Layers of reals without products are left to the host.
    public func form(for operands: LayerOperands) -> Result<ScheduledForm, UnsupportedLayer> {
        if operands.layer.computeClass == .free { return .success(ScheduledForm(.none)) }
        if let reason = objection(to: operands) {
            return .failure(UnsupportedLayer(layer: operands.layer.name, reason: reason))
        }
        switch BlockProgram(operands) {
        case .none: return .success(ScheduledForm(.blocks(.inPlace)))
        case .host: return .success(ScheduledForm(.blocks(.host)))
        case .table: return .success(ScheduledForm(.blocks(.table)))
        case .operations(let operations):
            guard let first = operations.first, let blocks = BlockSearch(first, on: self).configuration() else {
                let reason = "not even the smallest block fits the engine's buffer"
                return .failure(UnsupportedLayer(layer: operands.layer.name, reason: reason))
            }
            return .success(
                ScheduledForm(.blocks(.operations(count: operations.count, first.unit, blocks))))
        }
    }

    /// Why the engine cannot compute a layer, or nil when it or its host can.
    public func objection(to operands: LayerOperands) -> String? {
        let layer = operands.layer
        let host = "and the profile names no host that would"
        switch layer.computeClass {
        case .convolution, .depthwise, .fullyConnected:
            if layer.isFloat { return "the engine multiplies integers only, \(host) compute in float" }
            if operands.inputBits > activationBits.count {
                return "the engine multiplies activations of at most \(activationBits.count) bits"
            }
            guard let weights = layer.weights else { return "the engine multiplies with constants only, \(host)" }
            if weights.elementBits > weightBits.count {
                return "the engine multiplies weights of at most \(weightBits.count) bits"
            }
            return nil
        case .pooling, .elementwise, .transcendental, .dataMovement, .free:
            return nil
        }
    }
}
