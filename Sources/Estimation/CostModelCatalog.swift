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
        case .spatialArray(let array):
            return try SpatialArrayModel(device: device, array: array)
        case .neuralProcessor, .programmableLogic:
            throw .noModel(device: device.name, machine: device.machine.kind, detail: "")
        }
    }
}
