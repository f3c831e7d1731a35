public import Hardware
import Quantities

/// Which cost model belongs to which kind of machine.
public enum CostModelCatalog {
    /// The model for a device, prepared with its runtime.
    ///
    /// - Throws: `EstimateRefusal.noModel` for a kind of machine without a model, `.needsRuntime` for a processor
    ///   without a runtime library.
    public static func model(for device: Device, runtime: RuntimeLibrary?) throws(EstimateRefusal) -> any CostModel {
        switch device.machine {
        case .processor(let core):
            switch core.pipeline {
            case .inOrder:
                guard let runtime else { throw .needsRuntime(device: device.name) }
                return InOrderProcessor(device: device, core: core, runtime: runtime)
            case .outOfOrder:
                throw .noModel(device: device.name, machine: .processor, detail: " with an out-of-order core")
            }
        case .systolicArray(let array):
            guard array.memoryBandwidth.bytesPerCycle(at: device.clock) > 0 else {
                throw .noRate(device: device.name, what: "a memory bandwidth")
            }
            return SystolicArrayModel(device: device, array: array)
        case .programmableLogic(let logic):
            if let rate = logic.inputBandwidth?.bytesPerCycle(at: device.clock), rate <= 0 {
                throw .noRate(device: device.name, what: "an input bandwidth")
            }
            if let port = logic.port, port.count <= 0 { throw .noRate(device: device.name, what: "a port width") }
            return DataflowPipelineModel(device: device, logic: logic)
        case .binaryArray(let array):
            guard array.memoryBandwidth.bytesPerCycle(at: device.clock) > 0 else {
                throw .noRate(device: device.name, what: "a memory bandwidth")
            }
            return BinaryArrayModel(device: device, array: array)
        case .neuralProcessor, .spatialArray:
            throw .noModel(device: device.name, machine: device.machine.kind, detail: "")
        }
    }
}
