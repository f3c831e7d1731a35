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
            if device.memories.contains(where: { $0.bandwidth.map { $0.bytesPerCycle(at: device.clock) <= 0 } ?? false }
            ) {
                throw .noRate(device: device.name, what: "a memory bandwidth")
            }
            if let runtime, let work = runtime.work {
                guard let costs = work.costs(on: core.name) else {
                    throw .notMeasured(runtime: runtime.name, core: core.name, known: work.cores.map(\.core))
                }
                return MeasuredRuntime(device: device, runtime: runtime, work: work, core: costs)
            }
            guard let runtime else { throw .needsRuntime(device: device.name) }
            return InOrderProcessor(device: device, core: core, runtime: runtime)
        case .systolicArray(let array):
            guard array.memoryBandwidth.bytesPerCycle(at: device.clock) > 0 else {
                throw .noRate(device: device.name, what: "a memory bandwidth")
            }
            return SystolicArrayModel(device: device, array: array)
        case .sparseArray(let array):
            return try SparseArrayModel(device: device, array: array)
        case .bitSerialArray(let array):
            return try BitSerialArrayModel(device: device, array: array)
        case .neuralProcessor(let engine):
            for memory in device.memories where MemoryPort(memory, index: 0, clock: device.clock) == nil {
                throw .noRate(device: device.name, what: "the rate of memory '\(memory.name)'")
            }
            return NeuralProcessorModel(device: device, engine: engine)
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
        case .spatialArray(let array):
            return try SpatialArrayModel(device: device, array: array)
        }
    }
}
