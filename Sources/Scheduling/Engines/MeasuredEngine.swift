public import Hardware
import Quantities
public import Workloads

/// A runtime library on one core whose loops nobody can read: it takes dense int8 layers, and its kernels are classes of work.
public struct MeasuredEngine: Engine {
    public let library: RuntimeLibrary
    public let costs: CoreWork

    public init(_ library: RuntimeLibrary, costs: CoreWork) {
        self.library = library
        self.costs = costs
    }

    /// How the runtime keeps activations.
    public var storage: ActivationStorage {
        ActivationStorage(isPacked: library.packsActivations, alignment: library.alignment.count)
    }

    /// The class of work of a layer, with two input windows of 16-bit elements as working memory where windows are gathered.
    public func form(for operands: LayerOperands) -> Result<ScheduledForm, UnsupportedLayer> {
        let layer = operands.layer
        guard let work = layer.mainWork else { return .success(ScheduledForm(.none)) }
        if let reason = objection(to: operands, work) {
            return .failure(UnsupportedLayer(layer: layer.name, reason: reason))
        }
        let gathers = work == .spatial || work == .shallow
        return .success(
            ScheduledForm(
                .kernel(name: work.rawValue, index: work.position),
                scratchBytes: gathers ? 2 * 2 * layer.loops.reductionLength : 0))
    }

    public func softwareRAM(layers: Int) -> [MemoryPart] {
        [
            MemoryPart(name: "runtime", bytes: library.fixedRAM.count),
            MemoryPart(name: "layer descriptors", bytes: library.perLayerRAM.count * layers),
        ].filter { $0.bytes > 0 }
    }

    public func software(of forms: [Schedule.Form]) -> [MemoryPart] {
        [
            MemoryPart(name: "code of the runtime", bytes: library.codeSize.count),
            MemoryPart(name: "layer descriptors", bytes: library.perLayerFlash.count * forms.count),
        ].filter { $0.bytes > 0 }
    }

    private func objection(to operands: LayerOperands, _ work: WorkClass) -> String? {
        let layer = operands.layer
        let kind = "\(layer.computeClass.rawValue) layers"
        if layer.isFloat { return "\(library.name) was measured with int8 networks only, and the layer is float" }
        for tensor in operands.inputs where tensor.elementBits != 8 {
            return "\(library.name) was measured with 8-bit activations only, not with \(tensor.elementBits) bits"
        }
        if layer.computeClass.multipliesWeights, let weights = layer.weights {
            guard weights.form == .dense, weights.elementBits == 8 else {
                return
                    "\(library.name) was measured with dense 8-bit weights only, not with \(weights.elementBits) bits "
                    + "in \(weights.form.rawValue) form"
            }
        }
        return costs.costs[work] == nil ? "nothing is known of \(library.name) for \(kind) on \(costs.core)" : nil
    }
}

extension WorkloadLayer {
    /// The class of most of a layer's work for a measured library; nil for a layer that does nothing.
    public var mainWork: WorkClass? {
        switch computeClass {
        case .convolution:
            if loops.kernelHeight * loops.kernelWidth == 1 { return .pointwise }
            return loops.inputChannels < 4 ? .shallow : .spatial
        case .depthwise: return .depthwise
        case .fullyConnected: return .dense
        case .pooling, .elementwise, .transcendental, .dataMovement: return .element
        case .free: return nil
        }
    }
}
