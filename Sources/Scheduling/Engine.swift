import FixedPoint
public import Hardware
import Quantities
import Tensors
import Workloads

/// The part of a device that computes, ready to be asked for schedules.
public enum Engine: Sendable {
    /// A processor core that runs the kernels of a library.
    case runtime(PreparedRuntime)
    /// A systolic array.
    case array(SystolicArray)

    /// How activations lie in memory; arrays keep them packed, in bursts.
    public var storage: ActivationStorage {
        switch self {
        case .runtime(let runtime): runtime.storage
        case .array(let array): ActivationStorage(isPacked: true, alignment: array.burst.count)
        }
    }

    /// The form in which one layer is computed, with its scratch bytes and the index of its kernel.
    func form(for operands: LayerOperands) -> Result<(form: Schedule.Form, scratch: Int), UnsupportedLayer> {
        switch self {
        case .runtime(let runtime):
            return runtime.choice(for: operands).map { choice in
                guard let (index, run) = choice else { return (.none, 0) }
                return (.kernel(name: runtime.kernels[index].name, index: index), run.scratchBytes)
            }
        case .array(let array):
            return array.form(for: operands).map { ($0, 0) }
        }
    }
}

extension SystolicArray {
    /// The folds of a layer that multiplies, a stream for the others; refuses what the cells cannot compute.
    public func form(for operands: LayerOperands) -> Result<Schedule.Form, UnsupportedLayer> {
        let layer = operands.layer
        func refuse(_ reason: String) -> Result<Schedule.Form, UnsupportedLayer> {
            .failure(UnsupportedLayer(layer: layer.name, reason: reason))
        }
        switch layer.computeClass {
        case .free:
            return .success(.none)
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
            return .success(.folds(SystolicFolds(layer.loops, rows: rows, columns: columns, dataflow: dataflow)))
        case .pooling, .elementwise, .transcendental, .dataMovement:
            let elements = (operands.inputs + operands.outputs).reduce(0) { $0 + $1.shape.elementCount }
            return .success(.stream(elements: elements))
        }
    }
}
