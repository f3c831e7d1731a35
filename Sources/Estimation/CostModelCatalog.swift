public import Hardware
import Quantities
import Scheduling

/// Which cost model belongs to which kind of machine.
public enum CostModelCatalog {
    /// The model for a device, prepared with its runtime.
    ///
    /// - Throws: `EstimateRefusal.needsRuntime` for a processor without a runtime library, `.noRate` for a bandwidth of zero,
    ///   `.notMeasured` for a measured library on a core that it was never measured on.
    public static func model(for device: Device, runtime: RuntimeLibrary?) throws(EstimateRefusal) -> any CostModel {
        switch device.machine {
        case .processor(let core):
            guard let runtime else { throw .needsRuntime(device: device.name) }
            return try processor(device, core, runtime)
        case .systolicArray(let array):
            return try SystolicArrayModel(device: device, array: array)
        case .sparseArray(let array):
            return try SparseArrayModel(device: device, array: array)
        case .bitSerialArray(let array):
            return try BitSerialArrayModel(device: device, array: array)
        case .neuralProcessor(let engine):
            return try NeuralProcessorModel(device: device, engine: engine)
        case .programmableLogic(let logic):
            return try DataflowPipelineModel(device: device, logic: logic)
        case .binaryArray(let array):
            return try BinaryArrayModel(device: device, array: array)
        case .spatialArray(let array):
            return try SpatialArrayModel(device: device, array: array)
        }
    }

    /// Measured libraries by their classes of work, all others by their loops.
    private static func processor(
        _ device: Device, _ core: Core, _ runtime: RuntimeLibrary
    ) throws(EstimateRefusal) -> any CostModel {
        if device.memories.contains(where: { $0.bandwidth.map { $0.bytesPerCycle(at: device.clock) <= 0 } ?? false }) {
            throw .noRate(device: device.name, what: "a memory bandwidth")
        }
        guard let work = runtime.work else {
            return InOrderProcessor(device: device, core: core, runtime: runtime)
        }
        guard let costs = work.costs(on: core.name) else {
            throw .notMeasured(runtime: runtime.name, core: core.name, known: work.cores.map(\.core))
        }
        return MeasuredRuntime(device: device, runtime: runtime, work: work, core: costs)
    }
}
